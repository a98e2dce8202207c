use std::fmt;

/// A wish about one property of a device
/// ([W3C constrainable pattern](https://www.w3.org/TR/mediacapture-streams/#constrainable-interface)).
///
/// `ideal` alone never fails: the nearest that the device can do is taken. With `exact`, `min` or
/// `max`, a device that cannot do it is no device: opening fails with
/// [`ErrorKind::DeviceMissing`](crate::ErrorKind::DeviceMissing).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Constraint<T> {
    /// As near to this as possible.
    pub ideal: Option<T>,
    /// This and nothing else.
    pub exact: Option<T>,
    /// No less; of no meaning where there is no order.
    pub min: Option<T>,
    /// No more; of no meaning where there is no order.
    pub max: Option<T>,
}

impl<T> Constraint<T> {
    /// This and nothing else.
    pub fn exact(value: T) -> Self {
        Self {
            exact: Some(value),
            ..Self::default()
        }
    }

    /// Anything from one to the other.
    pub fn between(min: T, max: T) -> Self {
        Self {
            min: Some(min),
            max: Some(max),
            ..Self::default()
        }
    }

    /// Whether nothing is wished for.
    pub fn is_empty(&self) -> bool {
        self.ideal.is_none() && self.exact.is_none() && self.min.is_none() && self.max.is_none()
    }
}

impl<T: PartialOrd> Constraint<T> {
    /// Whether a value is all that is wished for. An unknown value is only without a wish.
    pub(crate) fn is_met(&self, value: Option<&T>) -> bool {
        let Some(value) = value else {
            return self.is_empty();
        };
        self.ideal.as_ref().is_none_or(|ideal| ideal == value)
            && self.exact.as_ref().is_none_or(|exact| exact == value)
            && self.min.as_ref().is_none_or(|min| min <= value)
            && self.max.as_ref().is_none_or(|max| value <= max)
    }
}

impl<T> Default for Constraint<T> {
    fn default() -> Self {
        Self {
            ideal: None,
            exact: None,
            min: None,
            max: None,
        }
    }
}

impl<T> From<T> for Constraint<T> {
    fn from(ideal: T) -> Self {
        Some(ideal).into()
    }
}

impl<T> From<Option<T>> for Constraint<T> {
    fn from(ideal: Option<T>) -> Self {
        Self {
            ideal,
            ..Self::default()
        }
    }
}

/// A property of a device or of what it gives.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
#[allow(missing_docs, reason = "each is the field of the same name")]
pub enum Property {
    AspectRatio,
    AutoGainControl,
    ChannelCount,
    Device,
    EchoCancellation,
    FacingMode,
    FrameRate,
    Height,
    Latency,
    NoiseSuppression,
    ResizeMode,
    SampleRate,
    SampleSize,
    Width,
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
