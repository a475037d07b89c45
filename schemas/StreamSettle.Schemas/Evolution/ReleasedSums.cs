using System.Security.Cryptography;

namespace StreamSettle.Schemas.Evolution;

/// <summary>
/// <c>released/SHA256SUMS</c>: the sums of everything that was released, as <c>sha256sum */*.avsc</c> prints them there. What was released is in other people's
/// programs and in topics, so that changing the file would only hide it.
/// </summary>
static class ReleasedSums
{
    public const string FileName = "SHA256SUMS";

    const string Between = "  ";

    /// <summary>What differs from the sums.</summary>
    public static IEnumerable<EvolutionProblem> Problems(SchemaFolder folder)
    {
        var root = Path.Combine(folder.Path, SchemaFolder.Released);
        var list = Path.Combine(root, FileName);
        var told = File.Exists(list)
            ? File.ReadLines(list).Select(line => line.Split(Between, 2)).Where(parts => parts.Length == 2).DistinctBy(parts => parts[1]).ToDictionary(parts => parts[1], parts => parts[0])
            : [];
        var files = folder.Releases.SelectMany(release => release.Files).Select(file => file.Path);
        foreach (var file in files.Concat(folder.Unread.Select(problem => problem.File).Where(file => Path.GetDirectoryName(Path.GetDirectoryName(file)) == root)))
        {
            var name = Path.GetRelativePath(root, file).Replace('\\', '/');
            if (!told.Remove(name, out var sum))
            {
                yield return Problem(file, $"{list} has no sum of it; if it is a new release, write them anew: (cd {root} && sha256sum */*.avsc > {FileName})");
            }
            else if (!string.Equals(sum, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))), StringComparison.OrdinalIgnoreCase))
            {
                yield return Problem(file, "it was changed after it was released; put it back, and change the schema of now instead");
            }
        }

        foreach (var name in told.Keys)
        {
            yield return Problem(Path.Combine(root, name), "it was released and is gone; put it back");
        }
    }

    static EvolutionProblem Problem(string file, string what) => new(file, "", "RELEASED_NEVER_CHANGES", FileName, what);
}
