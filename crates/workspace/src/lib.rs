//! The versioned project file
