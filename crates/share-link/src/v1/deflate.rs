//! Raw deflate with a preset dictionary, inflated only as far as the limit.

use miniz_oxide::deflate::core::{
    CompressorOxide, TDEFLFlush, TDEFLStatus, compress, create_comp_flags_from_zip_params,
};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

use crate::LinkError;
use crate::limits::MOST_BYTES;

/// What stands at its end is cheapest to point at.
const DICTIONARY: &[u8] = include_bytes!("dictionary.txt");

/// The most thorough level. Only who shares waits for it: milliseconds.
const LEVEL: i32 = 10;
/// Below zero: without zlib's header and checksum.
const RAW: i32 = -15;

pub(super) fn deflate(bytes: &[u8]) -> Result<Vec<u8>, LinkError> {
    let too_large = LinkError::TooLarge { what: "The number of bytes to pack", most: MOST_BYTES as u64 };
    if bytes.len() > MOST_BYTES {
        return Err(too_large);
    }
    let mut compressor = Box::new(CompressorOxide::new(create_comp_flags_from_zip_params(LEVEL, RAW, 0)));
    // The dictionary is compressed first, up to a whole byte, and that output dropped: the reader has it already.
    let mut dropped = vec![0; DICTIONARY.len() + 1_000];
    let (status, read, _) = compress(&mut compressor, DICTIONARY, &mut dropped, TDEFLFlush::Sync);
    if status != TDEFLStatus::Okay || read != DICTIONARY.len() {
        return Err(too_large);
    }
    let mut packed = vec![0; bytes.len() + bytes.len() / 8 + 1_000];
    let (status, _, written) = compress(&mut compressor, bytes, &mut packed, TDEFLFlush::Finish);
    if status != TDEFLStatus::Done {
        return Err(too_large);
    }
    packed.truncate(written);
    Ok(packed)
}

pub(super) fn inflate(packed: &[u8]) -> Result<Vec<u8>, LinkError> {
    const FIRST: usize = 64 * 1024;
    let start = DICTIONARY.len();
    let mut out = DICTIONARY.to_vec();
    out.resize(start + FIRST, 0);
    let mut inflater = Box::new(DecompressorOxide::new());
    let (mut read, mut written) = (0, start);
    loop {
        let rest = packed.get(read..).unwrap_or_default();
        let (status, took, gave) =
            decompress(&mut inflater, rest, &mut out, written, TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF);
        (read, written) = (read + took, written + gave);
        match status {
            TINFLStatus::Done => {
                out.truncate(written);
                return Ok(out.split_off(start));
            }
            TINFLStatus::HasMoreOutput if out.len() < start + MOST_BYTES => {
                out.resize((2 * out.len()).min(start + MOST_BYTES), 0);
            }
            TINFLStatus::HasMoreOutput => {
                let what = "The number of bytes that the link unpacks to";
                return Err(LinkError::TooLarge { what, most: MOST_BYTES as u64 });
            }
            _ => return Err(LinkError::Foreign { detail: "it cannot be unpacked".to_owned() }),
        }
    }
}
