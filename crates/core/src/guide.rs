//! stub while being written
