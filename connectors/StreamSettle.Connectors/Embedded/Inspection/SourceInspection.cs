using Npgsql;
using StreamSettle.Connectors.Embedded.Offsets;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connectors.Embedded.Inspection;

/// <summary>
/// Looks at all that concerns the source (server, role, tables, publication, slot) without changing anything. The one list of checks: for a first start, for
/// every later one, for <c>check</c>, and now and then while the source is followed.
/// </summary>
internal static class SourceInspection
{
    /// <param name="offset">How far the state directory has read; null before a first start. One that was cut off in its snapshot is a first start too.</param>
    /// <param name="anew">The source is to be read anew: a slot of our name does not matter.</param>
    /// <returns>Empty when it can be followed and nothing is left out.</returns>
    /// <exception cref="NpgsqlException">The server did not answer.</exception>
    public static async Task<IReadOnlyList<SourceFinding>> LookAsync(
        NpgsqlConnection connection, EmbeddedCdcOptions options, IReadOnlyList<CapturedTable> tables, CdcOffset? offset, bool anew, CancellationToken stop) =>
        Judge(await FactsAsync(connection, options, tables, offset, stop).ConfigureAwait(false), options, tables, offset, anew);

    public static Task<SourceFacts> FactsAsync(
        NpgsqlConnection connection, EmbeddedCdcOptions options, IReadOnlyList<CapturedTable> tables, CdcOffset? offset, CancellationToken stop) =>
        FactsReader.ReadAsync(
            connection, tables, options.PublicationName, database => offset is { Phase: CdcPhase.Streaming } known ? known.Slot : options.SlotFor(database), stop);

    /// <summary>Pure.</summary>
    public static IReadOnlyList<SourceFinding> Judge(SourceFacts source, EmbeddedCdcOptions options, IReadOnlyList<CapturedTable> tables, CdcOffset? offset, bool anew)
    {
        var findings = new List<SourceFinding>(ServerRules.Judge(source.Server));
        var following = !anew && offset is { Phase: CdcPhase.Streaming };
        foreach (var table in tables)
        {
            findings.AddRange(TableRules.Judge(table, source.Tables[table.Index], source.Server.User, at => following && KnownColumns.Has(offset!.Columns, tables, table, at)));
        }

        findings.AddRange(source.Publication is { } publication
            ? PublicationRules.Judge(options.PublicationName, publication, tables)
            : following ? PublicationRules.Gone(options.PublicationName, tables) : PublicationRules.MayBeMade(options.PublicationName, source, tables));
        findings.AddRange(following ? SlotRules.Follows(source.Slot, offset!) : SlotRules.MayBeMade(source, options.SlotFor(source.Server.Database), offset, anew));
        return findings;
    }

    /// <summary>Refuses a start.</summary>
    /// <exception cref="UserMistakeException">There are findings: one a line.</exception>
    public static void Refuse(IReadOnlyList<SourceFinding> findings)
    {
        if (findings.Count > 0)
        {
            throw new UserMistakeException(string.Join(Environment.NewLine, findings.Select(finding => finding.Message)));
        }
    }
}
