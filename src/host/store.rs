//! Where the project is kept between visits: IndexedDB, through the `idb` crate.

use idb::{Database, DatabaseEvent, Factory, ObjectStoreParams, TransactionMode};
use wasm_bindgen::JsValue;

const DATABASE: &str = "stepyard";
const PROJECTS: &str = "projects";
const CURRENT: &str = "current";

async fn open() -> Result<Database, idb::Error> {
    let mut request = Factory::new()?.open(DATABASE, Some(1))?;
    request.on_upgrade_needed(|event| {
        if let Ok(database) = event.database() {
            // It is there already when two tabs upgrade at once.
            let _ = database.create_object_store(PROJECTS, ObjectStoreParams::new());
        }
    });
    request.await
}

/// Keeps the project's text in place of the one before.
///
/// # Errors
/// The browser's own: no storage in this mode, or none left.
pub async fn save(project: &str) -> Result<(), idb::Error> {
    let database = open().await?;
    let transaction = database.transaction(&[PROJECTS], TransactionMode::ReadWrite)?;
    let store = transaction.object_store(PROJECTS)?;
    store.put(&JsValue::from_str(project), Some(&JsValue::from_str(CURRENT)))?.await?;
    transaction.commit()?.await?;
    database.close();
    Ok(())
}

/// The project's text, when one was kept.
///
/// # Errors
/// The browser's own: no storage in this mode.
pub async fn load() -> Result<Option<String>, idb::Error> {
    let database = open().await?;
    let transaction = database.transaction(&[PROJECTS], TransactionMode::ReadOnly)?;
    let store = transaction.object_store(PROJECTS)?;
    let kept = store.get(JsValue::from_str(CURRENT))?.await?;
    database.close();
    Ok(kept.and_then(|value| value.as_string()))
}
