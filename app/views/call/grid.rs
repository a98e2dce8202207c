/// The gap between tiles in pixels, as in the style sheet.
const GAP: f64 = 8.0;
/// The aspect ratio of most cameras. A tile with another one cuts the picture.
const PICTURE: f64 = 16.0 / 9.0;
/// The limits of a tile's aspect ratio. Between them at least half of a picture stays in sight.
const NARROWEST: f64 = 9.0 / 10.0;
const WIDEST: f64 = PICTURE;

/// The size of each of a number of equal tiles.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Grid {
    pub columns: usize,
    pub width: f64,
    pub height: f64,
}

impl Grid {
    /// Returns the grid that shows people largest in this space and cuts little of their pictures.
    pub fn best(tiles: usize, width: f64, height: f64) -> Self {
        let grids = (1..=tiles).map(|columns| Self::with_columns(columns, tiles, width, height));
        grids
            .reduce(|best, next| {
                if next.worth() > best.worth() + 0.5 {
                    next
                } else {
                    best
                }
            })
            .unwrap_or_default()
    }

    #[allow(clippy::cast_precision_loss, reason = "a few dozen tiles")]
    fn with_columns(columns: usize, tiles: usize, width: f64, height: f64) -> Self {
        let rows = tiles.div_ceil(columns);
        let cell_width = ((width - GAP * (columns - 1) as f64) / columns as f64).max(0.0);
        let cell_height = ((height - GAP * (rows - 1) as f64) / rows as f64).max(0.0);
        // A tile alone fills its room; several keep a shape in which people are not cut.
        if tiles == 1 {
            return Self {
                columns,
                width: cell_width,
                height: cell_height,
            };
        }
        Self {
            columns,
            width: cell_width.min(cell_height * WIDEST),
            height: cell_height.min(cell_width / NARROWEST),
        }
    }

    /// Returns the part of a picture that a tile shows: the picture fills the tile, and the rest is
    /// cut.
    fn seen(&self) -> f64 {
        if self.height <= 0.0 {
            return 0.0;
        }
        let shape = self.width / self.height;
        (shape / PICTURE).min(PICTURE / shape)
    }

    /// Rates the grid by the geometric mean of a tile's area and that area times the visible part
    /// of a picture. A cut mostly loses the wall beside a person, but a small tile makes the person
    /// small.
    fn worth(&self) -> f64 {
        self.width * self.height * self.seen().sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The space for tiles beside the chat, in windows of 1280x800 and 1920x1080, and on a phone.
    const LAPTOP: (f64, f64) = (904.0, 648.0);
    const DESK: (f64, f64) = (1544.0, 928.0);
    const PHONE: (f64, f64) = (344.0, 648.0);

    fn columns(tiles: usize, width: f64, height: f64) -> usize {
        Grid::best(tiles, width, height).columns
    }

    #[test]
    fn tiles_stand_side_by_side_where_it_is_wide_and_above_each_other_where_it_is_high() {
        assert_eq!(columns(2, 1280.0, 700.0), 2);
        assert_eq!(columns(2, 360.0, 640.0), 1);
        assert_eq!(columns(4, 1280.0, 700.0), 2);
        assert_eq!(columns(9, 1280.0, 700.0), 3);
        assert_eq!(columns(8, 360.0, 640.0), 2);
    }

    #[test]
    fn the_grids_of_one_to_nine_people() {
        for (room, expected) in [
            (LAPTOP, [1, 1, 2, 2, 2, 2, 3, 3, 3]),
            (DESK, [1, 2, 2, 2, 3, 3, 3, 3, 3]),
            (PHONE, [1, 1, 1, 1, 1, 2, 2, 2, 2]),
        ] {
            let columns: Vec<usize> = (1..=9)
                .map(|tiles| columns(tiles, room.0, room.1))
                .collect();
            assert_eq!(columns, expected, "{room:?}");
        }
    }

    #[test]
    fn at_least_half_of_every_picture_is_seen() {
        for width in (200..2_000).step_by(90) {
            for height in (200..1_200).step_by(70) {
                // A tile alone fills its room, as upright pictures on phones do.
                for tiles in 2..=9 {
                    let grid = Grid::best(tiles, width.into(), height.into());
                    let seen = grid.seen();
                    assert!(
                        seen >= 0.5,
                        "{tiles} in {width}x{height}: {grid:?} shows {seen}"
                    );
                }
            }
        }
    }

    #[test]
    fn eight_people_beside_a_chat_get_wide_tiles() {
        // Seven others: our own picture is beside the controls.
        for (width, height) in [LAPTOP, DESK] {
            let grid = Grid::best(7, width, height);
            assert!(grid.seen() > 0.75, "{width}x{height}: {grid:?}");
        }
    }

    #[test]
    fn a_square_shows_nine_sixteenths_of_a_picture() {
        let square = Grid {
            columns: 1,
            width: 100.0,
            height: 100.0,
        };
        assert!((square.seen() - 9.0 / 16.0).abs() < 1e-9);
    }

    #[test]
    fn everything_fits() {
        for tiles in 1..=12 {
            for (width, height) in [
                (360.0, 640.0),
                (1280.0, 700.0),
                (300.0, 300.0),
                (2000.0, 200.0),
            ] {
                let grid = Grid::best(tiles, width, height);
                let rows = tiles.div_ceil(grid.columns);
                let used_width = grid.width * grid.columns as f64 + GAP * (grid.columns - 1) as f64;
                let used_height = grid.height * rows as f64 + GAP * (rows - 1) as f64;
                assert!(
                    used_width <= width + 0.01,
                    "{tiles} in {width}x{height}: {grid:?}"
                );
                assert!(
                    used_height <= height + 0.01,
                    "{tiles} in {width}x{height}: {grid:?}"
                );
                assert!(grid.worth() > 0.0);
            }
        }
    }

    #[test]
    fn no_room_and_no_tiles_are_no_trouble() {
        assert_eq!(Grid::best(0, 100.0, 100.0), Grid::default());
        assert_eq!(Grid::best(5, 0.0, 0.0).worth(), 0.0);
    }
}
