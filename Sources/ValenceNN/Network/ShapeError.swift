package import ValenceCore

/// A layer that cannot fit its input.
package typealias ShapeError = Misfit<ModelOptions.Field>
