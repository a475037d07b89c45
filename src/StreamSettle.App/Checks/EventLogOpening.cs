using StreamSettle.App.Configuration;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Checks;

/// <summary>Reaches the event log at a start. Later it may go away and come back; at a start it must be there.</summary>
static class EventLogOpening
{
    /// <exception cref="UserMistakeException">The server refuses us, or the schema is not as it must be.</exception>
    /// <exception cref="EnvironmentFailedException">It cannot be reached; the message names the key that says where it is.</exception>
    public static async Task<T> GuardAsync<T>(ServiceOptions options, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (EnvironmentFailedException away)
        {
            var key = options.AuditConnectionString == options.Source.ConnectionString
                ? "Source:ConnectionString (which Audit:ConnectionString is by default)"
                : "Audit:ConnectionString";
            throw new EnvironmentFailedException($"{away.Message}. Start that server, or correct {key}.", away);
        }
    }
}
