/// Between tiles, in pixels: as in the style sheet.
const GAP: f64 = 8.0;
/// Between these a tile may have any shape; cameras give 4:3 and 16:9, phones give upright ones.
const NARROWEST: f64 = 3.0 / 4.0;
const WIDEST: f64 = 16.0 / 9.0;

/// How large each of some equal tiles is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Grid {
    pub columns: usize,
    pub width: f64,
    pub height: f64,
}

impl Grid {
    /// The grid whose tiles have the largest area in a room of this size.
    pub fn best(tiles: usize, width: f64, height: f64) -> Self {
        let grids = (1..=tiles).map(|columns| Self::with_columns(columns, tiles, width, height));
        grids
            .reduce(|best, next| {
                if next.area() > best.area() + 0.5 {
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

    fn area(&self) -> f64 {
        self.width * self.height
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
                assert!(grid.area() > 0.0);
            }
        }
    }

    #[test]
    fn no_room_and_no_tiles_are_no_trouble() {
        assert_eq!(Grid::best(0, 100.0, 100.0), Grid::default());
        assert_eq!(Grid::best(5, 0.0, 0.0).area(), 0.0);
    }
}
