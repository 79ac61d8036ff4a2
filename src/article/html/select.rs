//! Which pieces of a page are the article: the library's choice, mended.
//!
//! The library says which elements hold the main content. It may lose a paragraph at either end, or one
//! in the middle, and it takes boxes of links and calls along. Paragraphs are taken back where they
//! stand among those it found; what stands in a box of its own is set aside.

use std::collections::HashMap;

use super::Found;
use super::outline::{Outline, Piece, Role};

/// A box that holds more than this share of the text is no box, whatever its class says.
const BOX_SHARE: f64 = 0.3;

/// Elements around a paragraph that are looked at.
const LEVELS: usize = 4;

/// A shorter block quote that the library left out is no text.
const SHORT_QUOTE: usize = 25;

/// What becomes of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Not part of the article's text at all.
    Outside,
    Inside,
    /// In the midst of the article, but not of it.
    Aside(&'static str),
}

/// A verdict for each piece; `found` is what the library took.
pub(super) fn select(outline: &Outline, found: &Found) -> Vec<Verdict> {
    let pieces = &outline.pieces;
    let taken: Vec<bool> = pieces.iter().map(|piece| found.has(piece)).collect();
    let total: usize = pieces
        .iter()
        .zip(&taken)
        .filter(|(_, taken)| **taken)
        .map(|(piece, _)| piece.chars)
        .sum();
    let in_box = boxes(pieces, total);
    let boxed = |piece: &Piece| {
        piece
            .region
            .filter(|(_, element)| in_box[*element])
            .map(|(region, _)| region)
    };
    let core: Vec<bool> = pieces
        .iter()
        .zip(&taken)
        .map(|(piece, &taken)| taken && boxed(piece).is_none() && piece.role != Role::Button)
        .collect();
    let prose = |number: usize| core[number] && pieces[number].is_prose();
    let first = (0..pieces.len()).find(|&number| prose(number));
    let last = (0..pieces.len()).rfind(|&number| prose(number));
    let (Some(first), Some(last)) = (first, last) else {
        // No sentence in it: what the library found is all there is.
        return core
            .iter()
            .map(|&core| {
                if core {
                    Verdict::Inside
                } else {
                    Verdict::Outside
                }
            })
            .collect();
    };
    // Paragraphs of one article stand equally deep below one element, be it that each has a box of its
    // own. Where the library found two, a third beside them belongs to it.
    let mut peers: HashMap<(usize, usize), usize> = HashMap::new();
    let paragraphs =
        (first..=last).filter(|&number| prose(number) && pieces[number].role != Role::Meta);
    for place in paragraphs.flat_map(|number| outline.above(&pieces[number])) {
        *peers.entry(place).or_default() += 1;
    }
    let has_peers = |piece: &Piece, levels: usize| {
        let mut places = outline.above(piece).take(levels);
        places.any(|place| peers.get(&place).is_some_and(|&count| count >= 2))
    };
    pieces
        .iter()
        .enumerate()
        .map(|(number, piece)| {
            let within = (first..=last).contains(&number);
            if let Some(region) = boxed(piece) {
                return if within || taken[number] {
                    Verdict::Aside(region.reason())
                } else {
                    Verdict::Outside
                };
            }
            let beside = has_peers(piece, if within { LEVELS } else { 1 });
            if core[number] {
                return match piece.role {
                    Role::Paragraph | Role::Item(_)
                        if piece.is_linked() && !ends_sentence(&piece.text) =>
                    {
                        Verdict::Aside("link_only")
                    }
                    _ => Verdict::Inside,
                };
            }
            match piece.role {
                Role::Button if within => Verdict::Aside("button"),
                Role::Button => Verdict::Outside,
                Role::Paragraph | Role::Item(_) if beside && piece.is_prose() => Verdict::Inside,
                // Posts that the page shows as quotations: libraries take them for embedded boxes.
                _ if within && piece.quote && piece.chars >= SHORT_QUOTE && !piece.is_linked() => {
                    Verdict::Inside
                }
                Role::Heading if within && beside && !piece.is_linked() => Verdict::Inside,
                Role::Meta if within => Verdict::Inside,
                _ if within => Verdict::Aside("not_main_content"),
                _ => Verdict::Outside,
            }
        })
        .collect()
}

impl Outline {
    /// The elements around a piece's own, with their distance.
    fn above(&self, piece: &Piece) -> impl Iterator<Item = (usize, usize)> + use<'_> {
        let own = piece.element;
        std::iter::successors(Some((own, 0)), |&(element, distance)| {
            (element != 0 && distance < LEVELS).then(|| (self.parents[element], distance + 1))
        })
        .skip(1)
    }
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '”', '’', '\'', ')'])
        .ends_with(['.', '!', '?'])
}

/// For each element, whether it is a box beside the text.
fn boxes(pieces: &[Piece], total: usize) -> Vec<bool> {
    let regions = pieces
        .iter()
        .filter_map(|piece| Some((piece.region?.1, piece)));
    let elements = regions
        .clone()
        .map(|(element, _)| element)
        .max()
        .map_or(0, |last| last + 1);
    let mut prose = vec![0usize; elements];
    for (element, piece) in regions {
        if piece.is_prose() {
            prose[element] += piece.chars;
        }
    }
    prose
        .iter()
        .map(|&chars| (chars as f64) <= BOX_SHARE * total as f64)
        .collect()
}
