using JasperFx.Events;
using Marten;
using Marten.Events.Projections;

namespace StreamSettle.Audit.Marten.Projections;

/// <summary>Tells what a projection fails with: the daemon wraps it, and may put a failure of its own in its place.</summary>
internal sealed class ToldProjection(IProjection projection, Action<Exception> failed) : IProjection
{
    public async Task ApplyAsync(IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation)
    {
        try
        {
            await projection.ApplyAsync(operations, events, cancellation);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            failed(failure);
            throw;
        }
    }
}
