package dev.sluice.kernel.simd;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A static method whose body [TemplateInliner] puts in place of every call to it: one line of code without branches that may take and
/// return vectors, which an ordinary method may not where speed counts.
///
/// C2 stops inlining ordinary methods once a compilation has grown to a number of nodes ("NodeCountInliningCutoff"), and a vector that
/// crosses a real call is allocated on the heap.
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
@interface Inlined {}
