# Parlorの日本語。短く、やわらかく、です・ます調で。
# うまくいかないときは、何が起きたか、何はできるか、どうすればよいかを一文ずつ伝えます。

app-name = Parlor
close = 閉じる
undo = 元に戻す
join = 参加
send = 送信
share = 共有…
menu = メニュー
guest = ゲスト
somebody = だれか
you = あなた
to-start = はじめの画面へ
text-too-long = 長すぎます。あと{ $count }文字減らしてください。

## Start

welcome-title = 話すための部屋
welcome-how = 部屋をつくってリンクを送れば、話したり、顔を見たり、書いたりできます。インストールもアカウントもいりません。
welcome-private = 話したことは暗号化されて、部屋にいる人の端末へ届きます。途中でだれかに聞かれることはありません。
new-room = 部屋をつくる
room-name = 部屋の名前
room-names = 縁側 | こたつの間 | 窓辺の席 | 丸いテーブル | 灯りの下 | 庭のベンチ | 夕方の居間 | 屋根裏部屋 | 本棚の前 | ひだまり | 日曜の朝 | お茶の間
have-a-link = リンクをお持ちですか？
paste-it-here = ここに貼り付け
link-empty = 受け取ったリンクを貼り付けてください。
link-damaged = リンクの一部が欠けています。全体をコピーして、もう一度お試しください。
link-not = 部屋へのリンクではないようです。リンクは「#」を含むアドレスです。
your-rooms = これまでの部屋
unnamed-room = 名前のない部屋
nobody-there = 今はだれもいません
there-now = { $names }さんがいます
forget-room = { $name }を一覧から消す
room-forgotten = { $name }を一覧から消しました。

## Times

when-now = たった今
when-minutes = { $count }分前
when-hours = { $count }時間前
when-today = 今日
when-yesterday = 昨日
when-date-time = { $date } { $time }

## Lobby

lobby-preview = 映りと音の確認
title-in = { $room } · Parlor
title-ringing = { $name }さんから着信 · { $room }
title-unread = ({ $count }) { $room } · Parlor
your-name = お名前
your-name-hint = 部屋にいる人に表示されます。
your-name-missing = だれが来たかわかるように、お名前を入れてください。
enter = 部屋に入る
lobby-note = この映像は自分にだけ見えています。部屋に入っても、通話を始めるか応答するまで、カメラとマイクはオフのままです。
inside-unknown = だれがいるか確認しています…
inside-nobody = まだだれもいません。
microphone = マイク
camera = カメラ
speaker = スピーカー
microphone-turn-on = マイクをオンにする
microphone-turn-off = マイクをオフにする
camera-turn-on = カメラをオンにする
camera-turn-off = カメラをオフにする
microphone-turn-on-key = マイクをオンにする（M）
microphone-turn-off-key = マイクをオフにする（M）
camera-turn-on-key = カメラをオンにする（V）
camera-turn-off-key = カメラをオフにする（V）
device-system = 標準
device-unnamed = 名前なし
devices = マイク・カメラ・スピーカー
preview-asking = カメラとマイクの使用について、ブラウザーから確認が出ることがあります。
preview-off = カメラはオフです。

## Devices that do not work

trouble-enter-anyway = このままでも部屋に入って、聞いたり書いたりできます。
trouble-both-denied = カメラとマイクの使用が許可されていません。
trouble-both-missing = カメラもマイクも見つかりません。
trouble-both-busy = カメラとマイクは、ほかのアプリが使っています。
trouble-both-taken = カメラとマイクの許可が取り消されました。
trouble-both-gone = カメラとマイクが止まったか、外れました。
trouble-camera-denied = カメラの使用が許可されていません。
trouble-camera-missing = カメラが見つかりません。
trouble-camera-busy = カメラは、ほかのアプリが使っています。
trouble-camera-other = カメラを起動できませんでした。
trouble-camera-taken = カメラの許可が取り消されました。
trouble-camera-gone = カメラが止まったか、外れました。
trouble-camera-paused = システムがカメラを一時停止しているため、相手に映像が届いていません。
trouble-microphone-denied = マイクの使用が許可されていません。
trouble-microphone-missing = マイクが見つかりません。
trouble-microphone-busy = マイクは、ほかのアプリが使っています。
trouble-microphone-other = マイクを起動できませんでした。
trouble-microphone-taken = マイクの許可が取り消されました。
trouble-microphone-gone = マイクが止まったか、外れました。
trouble-microphone-paused = システムがマイクをミュートしているため、相手に声が届いていません。
trouble-unsupported = このページではカメラとマイクを使えません。
remedy-denied = アドレスの左にあるマークから許可して、ここでオンにしてください。
remedy-both-missing = 機器をつないでから、ここでオンにしてください。
remedy-camera-missing = カメラをつないでから、ここでオンにしてください。
remedy-microphone-missing = マイクをつないでから、ここでオンにしてください。
remedy-busy = そのアプリを閉じてから、ここでオンにしてください。
remedy-taken = アドレスの左にあるマークからもう一度許可して、ここでオンにしてください。
remedy-gone = つなぎ直すか、ほかの機器を選んで、ここでオンにしてください。
remedy-camera-paused = カメラのスイッチや、ほかのアプリをご確認ください。解除されると自動で再開します。
remedy-microphone-paused = ヘッドセットなどのスイッチや、ほかのアプリをご確認ください。解除されると自動で再開します。
remedy-other = もう一度オンにするか、ほかの機器を選んでください。
remedy-unsupported = 「https」で始まるアドレスで開くか、ほかのブラウザーをお使いください。
microphone-substituted = 選んだマイクがつながっていないため、{ $name }を使っています。
camera-substituted = 選んだカメラがつながっていないため、{ $name }を使っています。
microphone-moved = マイクが止まったか、外れました。いまは{ $name }を使っています。
device-another = 別の機器

## Room

leave-room = 部屋を出る
people-count = { $count }人
people-here = 部屋にいる人
invite = 招待
call = 通話
join-call = 通話に参加
call-lasts = 通話時間
in-call = 通話中
in-call-muted = 通話中（ミュート）
chat = チャット
messages = メッセージ
chat-unread = チャット、新着{ $count }件
new-messages = 新着{ $count }件
show-earlier = 以前のメッセージを表示
write-message = メッセージを書く
message-left = あと{ $count }文字
message-too-long = 長すぎて送れません。{ $count }文字減らすか、分けて送ってください。
sender-clock = { $time } · 送信者の時計
sender-clock-differs = この時計は、部屋にいるほかの人の時計と合っていません。
message-waiting = 相手に届くのを待っています
message-contradicted = { $name }さんは、ほかの人にはここで別の内容を送っています。
message-delivered = 届きました
message-not-sent = この画面が部屋から離れていたため、メッセージは送信されませんでした。部屋に戻っていますので、少し待ってからもう一度送信してください。
alone-title = まだほかにだれもいません
alone-what = 話したい人に部屋のリンクを送りましょう。ブラウザーがあればすぐに入れます。
invite-somebody = だれかを招待する
quiet-title = まだメッセージはありません
quiet-what = 最初のひとことを書くか、部屋にいる人に通話をかけてみましょう。
server-offline = サーバーに再接続しています。通話とチャットはそのまま続けられます。

## How we stand with somebody

link-connecting = 接続しています…
link-repairing = 再接続しています…
link-failed = まだつながりません
discovery-allow = { $names }さんとまだつながりません。同じネットワークにいるなら、マイクを許可するとつながることがあります。近くの機器からこの端末を見つけられるようになるためで、マイクはオフのままです。
discovery-unblock = { $names }さんとまだつながりません。同じネットワークにいるなら、マイクを許可するとつながることがあります。アドレスの左にあるマークから許可して、ページを再読み込みしてください。
allow-microphone = マイクを許可する

## People

person-options = { $name }さんのメニュー
person-verified = 確認済み
person-new = はじめて会う人です。
person-met = はじめて会った日：{ $date }
person-not-verified = 確認済みの{ $name }さんとは鍵が違います。あらためて確認するまで、本人と思わないでください。
person-not-verified-short = 確認済みの{ $name }さんではありません
person-other-key = { $date }に会った{ $name }さんとは別の機器です。新しい機器か、別の人かもしれません。
person-same-name = { $name }さんという人が、部屋にほかにもいます。
person-our-name = あなたと同じ名前です。あなたの別の機器か、別の人かもしれません。
person-renamed = 前の名前は{ $name }です。
person-muted = 自分だけミュート中
person-hidden = 自分だけ非表示
person-muted-hidden = 自分だけミュート・非表示
person-blocked = ブロック中
person-mute = 自分だけミュート
person-unmute = 音声をまた聞く
person-mute-what = { $name }さんの声が、あなたにだけ聞こえなくなります。
person-hide = 自分だけ非表示
person-unhide = また表示する
person-hide-what = { $name }さんの映像とメッセージを、あなたの画面でたたみます。
person-block = ブロック
person-unblock = ブロックを解除
person-unblock-name = { $name }さんのブロックを解除
person-block-what = { $name }さんをミュートして非表示にします。通話はつながらず、あなたの声と映像も送られません。相手には伝わりません。
person-was-blocked = { $name }さんをブロックしました。
blocked-people = ブロック中：{ $count }人
messages-folded = { $name }さんのメッセージ{ $count }件
show-messages = 表示
show-picture = 映像を表示

## Verification

verify = 本人か確認する
verify-again = もう一度くらべる
verify-undo = 確認を取り消す
verify-why = 名前はまねできますが、鍵はまねできません。一度くらべておけば、次からこの機器を見分けられます。
verify-title = { $name }さんの確認
verify-no-words = 言葉を読み込めませんでした。数字を比べてください。同じ意味です。
verify-how = ２つの一覧を{ $name }さんとくらべてください。会って、または声で本人とわかるときに。相手の画面にも同じ２つが出ています。
verify-yours = あなた
verify-theirs = { $name }さん
verify-languages = 言語が違うと言葉も違いますが、数字は同じです。
verify-same = 一致した
verify-different = 違っていた
verify-done = { $name }さんを確認しました。
verify-failed = この接続を信用しないでください。だれかが{ $name }さんになりすましているか、間に入っているかもしれません。ふたりとも正しい相手を開いているか、ほかの方法で確かめてください。
verify-camera = カメラで確認
verify-camera-how = { $name }さんがこのコードを読み取れます。相手の画面で一致したら、ここでも「一致した」を選んでください。
verify-qr = ２人の鍵のQRコード
verify-scan = { $name }さんのコードを読み取る
verify-scan-end = 読み取りをやめる
verify-other-code = 別の種類のコードです。相手の画面の「本人か確認する」にあるコードを読み取ってください。
verify-page-fits = { $name }さんのコードです
verify-page-ask = { $date }にはじめて会った{ $name }さんの鍵と一致します。{ $name }さんの画面から自分で読み取りましたか？ 送られてきたリンクでは確認になりません。
verify-page-confirm = 自分で読み取りました
verify-page-end = 別の人がこの名前で来たら、これからはお知らせします。
verify-page-not-us = この機器あてのコードではありません
verify-page-not-us-what = このブラウザーの鍵とは違います。部屋で使っている機器で読み取ってください。その機器で読み取ったのなら、だれかが間に入っているかもしれません。接続を信用しないでください。
verify-page-unknown = このコードの人には、まだ会っていません
verify-page-unknown-what = 先に部屋で会ってから、もう一度読み取ってください。もう会っているのなら、だれかが間に入っているかもしれません。接続を信用しないでください。

## Calls

call-ongoing = 通話が続いています。
call-ongoing-with = { $names }さんが通話中です。
call-elsewhere = 別のウィンドウで通話中です。ここに電話した人には、そのことが伝わります。
calls-in = 「{ $room }」で呼んでいます
answer-with-camera = カメラで
answer-with-voice = 音声で
decline = 出ない
calling = 呼び出しています…
calling-nobody = 呼び出す相手がまだいません
calling-nobody-what = これから部屋に来る人は、この通話に参加できます。
call-alone = 通話にいるのは、あなただけです
call-alone-what = ほかの人が戻れるように、通話は30秒ほど続きます。
cancel-call = やめる
answer-ringing = 呼び出し中…
answer-declined = 出られません
answer-busy = ほかの通話中
answer-none = 応答なし
leave-call = 通話を終える
leave-question = 通話を終えますか？
leave-question-what = 通話中に「戻る」操作がありました。終えるまで通話は続きます。
stay-in-call = 通話を続ける
left-call = 「{ $room }」の通話から出ました。
back-to-call = 通話に戻る
call-controls = 通話の操作
share-screen = 画面を共有する
share-screen-key = 画面を共有する（S）
share-stop = 共有を終了
share-stop-key = 共有を終了（S）
# 「sharing」と「sharing-alone」の文の中で、共有しているものを表します。
sharing-monitor = 画面全体
sharing-window = ウィンドウ
sharing-tab = タブ
sharing-screen = 画面
sharing = { $what }を{ $names }さんに共有しています。
sharing-alone = { $what }を共有しています。通話には、ほかにだれもいません。
shared-by = { $name }さんの画面
screen-failed = 画面を共有できませんでした。もう一度試すか、別のウィンドウを選んでください。
zoom-in = 拡大
zoom-out = 縮小
full-screen = 全画面表示
tile-muted = マイクはオフ
tile-camera-off = カメラはオフ
tile-muted-camera-off = マイクとカメラはオフ
tap-to-hear = タップして音声を聞く
notice-ended = 通話が終わりました。
notice-missed = { $name }さんから着信がありました。
notice-not-answered = { $name }さんからの着信に応答しませんでした。
notice-no-answer = だれも応答しませんでした。
notice-declined = { $name }さんは出られません。
notice-busy = { $name }さんはほかの通話中です。
notice-impersonated = だれかが{ $name }さんになりすましたため、その内容を拒否しました。{ $name }さん本人と合言葉を確かめるか、新しいルームを作ってください。
notice-contradiction = { $name }さんは人によって違うことを送っています。そのメッセージに印を付けました。
notice-ice-server = サーバーが指定しているSTUN・TURNのアドレスは、ここでは使えません（{ $url }）。ほかのネットワークにいる人とつながらないことがあります。
notice-garbled = { $name }さんからのデータを読めません。アプリの版が違うか、何かが妨げているのかもしれません。

## Invitation

invite-to = 「{ $room }」に招待
invite-gives = このリンクがあれば、だれでも部屋に入って、チャットを読み、話すことができます。部屋の鍵はこのリンクの中にあり、サーバーには送られません。
invite-ends = リンクは取り消せません。別の人とだけ話すときは、新しい部屋をつくってください。
invite-this-computer = このリンクは、このコンピューターでしか開けません。ほかの端末からも開けるようにするには、--bind 0.0.0.0 を付けてサーバーを起動するか、--public-url で公開アドレスを指定してください。
invite-without-https = ほかの端末でこのリンクを開くと、チャットは使えますが、カメラとマイクは使えません。カメラとマイクを使うには、「https」で始まるアドレスが必要です。
invite-link = 部屋のリンク
invite-qr = リンクのQRコード
copy = コピー
copied = コピー済み

## Trouble

damaged-title = リンクが途中で切れています
damaged-what = 一部が欠けているため、部屋を開けませんでした。
damaged-remedy = 元のメッセージからリンク全体をコピーするか、もう一度送ってもらってください。
refused-title = 今は入れません
refused-remedy = はじめの画面に戻り、しばらくしてからもう一度お試しください。
refused-version = このページとサーバーの版が合っていません。再読み込みしてください。
refused-room-full = 部屋は満員です。
refused-server-full = サーバーが混み合っています。
refused-rate = 短い時間に操作が重なりすぎました。
refused-too-large = 長すぎて、サーバーが受け取れませんでした。
refused-other = サーバーがこのページを理解できませんでした。
unsupported-title = このブラウザーでは通話できません
unsupported-what = WebRTCがないか、オフになっています。
unsupported-remedy = 最新版のFirefox、Chrome、Edge、Safariでリンクを開いてください。
unsupported-line = このブラウザーにはWebRTCがないか、オフになっているため、通話できません。最新版のFirefox、Chrome、Edge、Safariで開いてください。

## Menu

theme = 外観
theme-system = システム
theme-light = ライト
theme-dark = ダーク
language = 言語
language-system = システム
ring = 着信のとき
ring-sound = 鳴らす
ring-quiet = 音なし

## アプリが動く前の画面。app/boot.jsが使うので、どれも一行で、変数はありません。

boot-loading = Parlorを読み込んでいます…
boot-failed-title = Parlorを開始できませんでした
boot-no-module = このブラウザーにはWebAssemblyがないか、オフになっています。できれば、このページでオンにしてください。
boot-old = このブラウザーはParlorには古すぎます。
boot-browser = 最新版のFirefox、Chrome、Edge、Safariでこのアドレスを開いてください。
boot-script = アプリのスクリプトが届いていません。
boot-module = アプリのプログラムの一部が届いていません。
boot-remedy = 接続を確認して、もう一度お試しください。うまくいかないときは、サーバーの管理者にお知らせください。
boot-stalled-title = 読み込みに時間がかかっています
boot-stalled = しばらく何も届いていません。残りが届けば、自動的に始まります。
boot-stopped-title = Parlorが止まりました
boot-stopped = アプリに不具合が起きて止まりました。ページを再読み込みすると続けられます。通話中の場合は、それまで相手に映像や音声が届いていることがあります。
boot-again = もう一度試す
boot-reload = 再読み込み
boot-no-script = ParlorにはJavaScriptが必要です。このページでオンにして、もう一度読み込んでください。
boot-late = Parlorを読み込めませんでした。接続を確認して、ページをもう一度読み込んでください。
