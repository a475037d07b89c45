namespace StreamSettle.Connectors.Embedded.Records;

/// <summary>What stands in a cell.</summary>
internal enum CellState : byte
{
    Null,
    Value,

    /// <summary>A large value that the update did not touch, so that the server does not repeat it.</summary>
    Unchanged,
}
