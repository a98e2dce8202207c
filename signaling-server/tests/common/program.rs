//! The program, as a process of its own.

use std::process::Child;

/// Ends the program if a test fails before it does.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
