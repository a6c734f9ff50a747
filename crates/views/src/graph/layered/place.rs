//! Coordinates: each row's knots are drawn towards their neighbours without ever overlapping.

use super::order::Rows;

/// Middles of the knots, and the bounds of the rows, in px.
#[derive(Debug)]
pub(super) struct Places {
    pub x: Vec<f64>,
    /// Top of each row.
    pub top: Vec<f64>,
    pub bottom: Vec<f64>,
}

/// Between two boxes, and between anything and a bend.
const NODE_GAP: f64 = 32.0;
const BEND_GAP: f64 = 14.0;
/// From a layer to the labels below it, and from there to the next layer.
const ROW_GAP: f64 = 26.0;
const ROUNDS: usize = 10;

pub(super) fn place(rows: &Rows) -> Places {
    let mut x = vec![0.0; rows.knots.len()];
    for row in &rows.rows {
        let mut edge = 0.0;
        for (index, &knot) in row.iter().enumerate() {
            if index > 0 {
                edge += gap(rows, row[index - 1], knot);
            }
            x[knot] = edge;
        }
    }
    for round in 0..ROUNDS + 2 {
        let both = round >= ROUNDS;
        for row in 0..rows.rows.len() {
            settle(rows, row, true, both, &mut x);
        }
        for row in (0..rows.rows.len()).rev() {
            settle(rows, row, both, true, &mut x);
        }
    }
    let (mut top, mut bottom) = (Vec::with_capacity(rows.rows.len()), Vec::with_capacity(rows.rows.len()));
    let mut y = 0.0;
    for (index, row) in rows.rows.iter().enumerate() {
        let height = row.iter().map(|knot| rows.knots[*knot].h).fold(0.0, f64::max);
        top.push(y);
        bottom.push(y + height);
        y += height + ROW_GAP + steepness(rows, index, &x);
    }
    Places { x, top, bottom }
}

/// Wide jumps need height, or their curves lie flat.
fn steepness(rows: &Rows, row: usize, x: &[f64]) -> f64 {
    let widest = rows.rows[row]
        .iter()
        .flat_map(|knot| rows.below(*knot))
        .map(|link| (x[link.upper] - x[link.lower]).abs())
        .fold(0.0, f64::max);
    (widest / 16.0).min(36.0)
}

fn gap(rows: &Rows, left: usize, right: usize) -> f64 {
    let (left, right) = (&rows.knots[left], &rows.knots[right]);
    let between = if left.node.is_some() && right.node.is_some() { NODE_GAP } else { BEND_GAP };
    (left.w + right.w) / 2.0 + between
}

/// Moves one row to where its neighbours in the rows above and below want it: least squares under the order and the
/// gaps, solved exactly by pooling neighbours that would overlap.
fn settle(rows: &Rows, row: usize, from_above: bool, from_below: bool, x: &mut [f64]) {
    struct Pool {
        sum: f64,
        weight: f64,
        members: usize,
    }
    let knots = &rows.rows[row];
    let mut offsets = Vec::with_capacity(knots.len());
    let mut pools: Vec<Pool> = Vec::with_capacity(knots.len());
    let mut offset = 0.0;
    for (index, &knot) in knots.iter().enumerate() {
        if index > 0 {
            offset += gap(rows, knots[index - 1], knot);
        }
        offsets.push(offset);
        let (mut sum, mut pull) = (0.0, 0.0);
        if from_above {
            for link in rows.above(knot) {
                sum += x[link.upper] * link.pull.1;
                pull += link.pull.1;
            }
        }
        if from_below {
            for link in rows.below(knot) {
                sum += x[link.lower] * link.pull.0;
                pull += link.pull.0;
            }
        }
        let (want, weight) = if pull > 0.0 { (sum / pull, 1.0) } else { (x[knot], 0.05) };
        pools.push(Pool { sum: (want - offset) * weight, weight, members: 1 });
        while let [.., left, right] = pools.as_slice() {
            if left.sum / left.weight <= right.sum / right.weight {
                break;
            }
            let (sum, weight, members) = (right.sum, right.weight, right.members);
            pools.pop();
            if let Some(pool) = pools.last_mut() {
                pool.sum += sum;
                pool.weight += weight;
                pool.members += members;
            }
        }
    }
    let mut index = 0;
    for pool in &pools {
        for _ in 0..pool.members {
            x[knots[index]] = pool.sum / pool.weight + offsets[index];
            index += 1;
        }
    }
}
