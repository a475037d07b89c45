using StreamSettle.Audit.Marten.Projections;

namespace StreamSettle.Audit.Marten.Schema;

/// <summary>What whoever runs projections does with the event log's tables: it moves views and their positions, and adds no event.</summary>
internal static class ProjectorRights
{
    static readonly string[] Moves = ["insert", "update", "delete"];

    /// <summary>By table, as <c>GRANT</c> and <c>REVOKE</c> take them; reading is not repeated for each.</summary>
    public static IEnumerable<(string Name, string[] Rights)> Of(Tables tables) =>
    [
        (tables.Events, []),
        (tables.Streams, []),
        // The daemon asks how many numbers were drawn; it draws none.
        (tables.Sequence, ["select"]),
        (tables.Progression, Moves),
        (tables.Projections, ["insert", "update"]),
        .. ProjectionName.All.SelectMany(ViewStorage.Tables).Select(table => (tables.Of(table), Moves)),
    ];
}
