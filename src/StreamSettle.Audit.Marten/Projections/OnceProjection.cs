using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Marten.Projections;

/// <summary>
/// Counts each event once, however often it is handed over: after a commit of which the answer was lost Marten may do a page again, and where its own position stands at 0 it does not look whether another has moved it.
/// The page's rows are written only in the transaction that moves our position from where it stood before they were read.
/// </summary>
internal sealed class OnceProjection(IProjection projection, Tables tables, (string Name, long Generation) of) : IProjection
{
    readonly string read = $"select position from {tables.Projections} where name = ? and generation = ?";

    // Anything else than the one row at that position ends the transaction; the term is none that is computed before the row is there.
    readonly string move = $"update {tables.Projections} set position = case when generation = ? and position = ? then ? else 1 / (position - position) end where name = ?";

    public async Task ApplyAsync(IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation)
    {
        if (await operations.QueryAsync<long>(read, cancellation, of.Name, of.Generation) is not [var before])
        {
            throw new EnvironmentFailedException($"projection '{of.Name}' is made anew: generation {of.Generation} is not the present one any more");
        }

        var fresh = events.Where(one => one.Sequence > before).ToList();
        if (fresh.Count > 0)
        {
            operations.QueueSqlCommand(move, of.Generation, before, fresh[^1].Sequence, of.Name);
            await projection.ApplyAsync(operations, fresh, cancellation);
        }
    }
}
