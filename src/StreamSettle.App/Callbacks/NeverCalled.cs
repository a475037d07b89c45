using StreamSettle.App.Composition;
using StreamSettle.App.DeadLetters;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Topology.Settle;

namespace StreamSettle.App.Callbacks;

/// <summary>
/// Asks the event log whether there can be a call of a key, so that a system that names another's is told so. What cannot be proven is let pass: settle, which knows its orders, makes
/// nothing of a call that was never sent.
/// </summary>
sealed class NeverCalled(SettlementService service)
{
    /// <returns>Whether it is proven that no such call was ever made.</returns>
    public async Task<bool> IsProvenAsync(CallKey key, CancellationToken stop)
    {
        try
        {
            foreach (var stored in await service.EventLog.ReadStreamAsync(key.Order, stop))
            {
                if (stored.Event() is SettlementCalculated calculated)
                {
                    // A reversal, and a call that goes again, may be younger than what the event log has.
                    return key is { N: 0, Returns: 0 } && !CalledLegs.Of(calculated).Contains(key.Leg);
                }
            }

            return await new EventLogProof(service).AskAsync(key.Order, stop) is CalculationProof.Never;
        }
        catch (EnvironmentFailedException)
        {
            return false;
        }
    }
}
