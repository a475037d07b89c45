namespace StreamSettle.Schemas.Evolution;

/// <summary>What was released under a version: it never changes.</summary>
/// <param name="Files">By their names.</param>
public sealed record SchemaRelease(Version Version, IReadOnlyList<SchemaFile> Files)
{
    /// <summary>The schema of that file; null where the release had none.</summary>
    public SchemaFile? File(string name) => Files.FirstOrDefault(file => file.Name == name);
}
