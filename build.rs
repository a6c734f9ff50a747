//! Bounds what handler code can take: the worker's wasm gets a larger stack, for deep calls that must end as an
//! error of the handler, and a largest memory, so that a handler that hoards ends its worker and not the tab.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32") {
        println!("cargo:rustc-link-arg-bin=handler-worker=-zstack-size=8388608");
        println!("cargo:rustc-link-arg-bin=handler-worker=--max-memory=536870912");
    }
}
