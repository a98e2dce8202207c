//! Debian's packages, where we may install them.

use std::{path::Path, process::Command};

use crate::{error::Result, process, progress};

/// Returns `true` if this program may install packages.
pub(crate) fn can_install() -> bool {
    rights().is_some()
}

/// Installs packages and says whether that worked. Where there is no apt-get or no right to use it,
/// nothing happens: the caller says what is missing.
pub(crate) fn install(packages: &[&str]) -> Result<bool> {
    let Some(prefix) = rights() else {
        return Ok(false);
    };
    progress::long(&name(packages), || {
        if apt_get(prefix, "install", packages)? {
            return Ok(true);
        }
        // A fresh system has no package lists yet, or old ones.
        Ok(apt_get(prefix, "update", &[])? && apt_get(prefix, "install", packages)?)
    })
}

/// Like [`install`], where an older version of the packages is not good enough.
pub(crate) fn install_newest(packages: &[&str]) -> Result<bool> {
    let Some(prefix) = rights() else {
        return Ok(false);
    };
    progress::long(&name(packages), || {
        // Without a network, what the lists have may do.
        let _ = apt_get(prefix, "update", &[])?;
        apt_get(prefix, "install", packages)
    })
}

fn name(packages: &[&str]) -> String {
    format!("install {} with apt-get", packages.join(" "))
}

/// Keeps a service that a package brought along from running, now and after a restart.
pub(crate) fn stop_service(name: &str) -> Result<()> {
    let is_systemd = Path::new("/run/systemd/system").is_dir();
    let Some(prefix) = rights().filter(|_| is_systemd) else {
        return Ok(());
    };
    let words: Vec<&str> = prefix.iter().copied().chain(["systemctl"]).collect();
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).args(["disable", "--now", name]);
    if !process::status(&mut command)?.success() {
        eprintln!("note: the service {name} may be running now: `systemctl disable --now {name}`");
    }
    Ok(())
}

/// The words in front of apt-get, if it may be used at all.
fn rights() -> Option<&'static [&'static str]> {
    process::find("apt-get")?;
    if process::output("id", &["-u"])? == "0" {
        return Some(&[]);
    }
    process::output("sudo", &["-n", "true"]).map(|_| &["sudo", "-n"] as &[_])
}

fn apt_get(prefix: &[&str], verb: &str, packages: &[&str]) -> Result<bool> {
    // Through env, because sudo does not keep our environment.
    let words = prefix
        .iter()
        .chain(&["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]);
    let words: Vec<&str> = words.copied().collect();
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).arg(verb);
    if verb == "install" {
        // No package of the user's may go because of ours.
        command.args([
            "--yes",
            "--no-remove",
            "--no-install-recommends",
            "-o=Dpkg::Use-Pty=0",
        ]);
    }
    // apt-get is chatty on standard output even when told to be quiet.
    command.args(packages).stdout(std::io::stderr());
    Ok(process::status(&mut command)?.success())
}
