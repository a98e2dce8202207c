/// Whether the person lets this application use a kind of device
/// ([W3C `PermissionState`](https://www.w3.org/TR/permissions/#dom-permissionstate)).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum PermissionState {
    /// It may.
    Granted,
    /// They said no. Asking again is pointless until they change it in the settings.
    Denied,
    /// They will be asked at the next use.
    Prompt,
    /// This platform does not tell before it is used.
    Unknown,
}
