using StreamSettle.Kernel.Failures;

namespace StreamSettle.Schemas.Evolution;

/// <summary>The schemas as they are now, <c>*.avsc</c> of a folder, and as they were released: <c>released/VERSION/*.avsc</c> in it.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Current">By their names.</param>
/// <param name="Releases">The oldest first.</param>
/// <param name="Unread">What of the files is no schema, and stands in neither list.</param>
public sealed record SchemaFolder(string Path, IReadOnlyList<SchemaFile> Current, IReadOnlyList<SchemaRelease> Releases, IReadOnlyList<EvolutionProblem> Unread)
{
    /// <summary>Where releases lie in the folder.</summary>
    public const string Released = "released";

    /// <exception cref="UserMistakeException">There is no such folder, no schema in it, or a release that is not named by a version.</exception>
    /// <exception cref="EnvironmentFailedException">It cannot be read.</exception>
    public static SchemaFolder Read(string path)
    {
        if (!Directory.Exists(path))
        {
            throw new UserMistakeException($"there is no folder '{path}'; name the one that holds the schemas ({SchemaFile.Pattern}) by --directory");
        }

        try
        {
            var unread = new List<EvolutionProblem>();
            var current = Files(path, unread);
            return current.Count + unread.Count > 0
                ? new(path, current, ReleasesOf(System.IO.Path.Combine(path, Released), unread), unread)
                : throw new UserMistakeException($"there is no {SchemaFile.Pattern} in '{path}'; name the folder that holds the schemas by --directory");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentFailedException($"the schemas in '{path}' cannot be read: {e.Message}", e);
        }
    }

    static List<SchemaRelease> ReleasesOf(string path, List<EvolutionProblem> unread) =>
        !Directory.Exists(path) ? [] : [.. Directory.GetDirectories(path).Select(folder => new SchemaRelease(VersionOf(folder), Files(folder, unread))).OrderBy(release => release.Version)];

    static Version VersionOf(string folder) =>
        Version.TryParse(System.IO.Path.GetFileName(folder), out var version) ? version
            : throw new UserMistakeException($"{folder}: a release is a folder that is named by its version, as 0.1.0");

    static List<SchemaFile> Files(string path, List<EvolutionProblem> unread)
    {
        var files = new List<SchemaFile>();
        foreach (var name in Directory.GetFiles(path, SchemaFile.Pattern).Order(StringComparer.Ordinal))
        {
            if (SchemaFile.Read(name, out var problem) is { } file)
            {
                files.Add(file);
            }
            else
            {
                unread.Add(problem!);
            }
        }

        return files;
    }
}
