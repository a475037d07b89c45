namespace StreamSettle.Schemas.Evolution;

/// <summary>Whether the schemas of a folder may be released as they are.</summary>
public static class EvolutionCheck
{
    /// <summary>Every problem of the folder: what is no schema, each schema against the releases that its level names, and the releases against their sums. Empty where all is well.</summary>
    public static IReadOnlyList<EvolutionProblem> Problems(SchemaFolder folder) =>
    [
        .. folder.Unread,
        .. ReleasedSums.Problems(folder),
        .. Gone(folder),
        .. folder.Current.SelectMany(file => Against(folder, file).SelectMany(release => SchemaJudge.Problems(file, release.File(file.Name)!, release.Version))),
    ];

    /// <summary>The releases that the file is compared with, the oldest first: all that had it if its level is transitive, else the last that had it.</summary>
    public static IReadOnlyList<SchemaRelease> Against(SchemaFolder folder, SchemaFile file)
    {
        var had = folder.Releases.Where(release => release.File(file.Name) is not null).ToList();
        return file.Level.Transitive || had.Exists(release => release.File(file.Name)!.Level.Transitive) ? had : [.. had.TakeLast(1)];
    }

    static IEnumerable<EvolutionProblem> Gone(SchemaFolder folder) =>
        from name in folder.Releases.SelectMany(release => release.Files.Select(file => file.Name)).Distinct()
        where folder.Current.All(file => file.Name != name) && folder.Unread.All(problem => Path.GetFileName(problem.File) != name)
        let last = folder.Releases.Last(release => release.File(name) is not null)
        select new EvolutionProblem(
            Path.Combine(folder.Path, name), "", "SCHEMA_GONE", $"against {last.Version}", "it was released and is not there any more; put it back: records of it may still be read");
}
