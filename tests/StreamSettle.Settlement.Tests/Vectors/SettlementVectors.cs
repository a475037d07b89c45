namespace StreamSettle.Settlement.Tests.Vectors;

/// <summary>The worked cases of the settlement calculation.</summary>
static class SettlementVectors
{
    static readonly VectorFolder Folder = new("settlement-vectors");

    /// <inheritdoc cref="VectorFolder.Of"/>
    public static string Of(string file) => Folder.Of(file);
}
