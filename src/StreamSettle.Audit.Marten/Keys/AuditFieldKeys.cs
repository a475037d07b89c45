using StreamSettle.Audit.Encryption;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Marten.Keys;

/// <summary>
/// What opens personal data in an auditor's own program: give it to <see cref="SettlementEventStore.Configure"/>. The keys are those of the moment when they were read: what is
/// shredded or begun later shows when they are read again.
/// </summary>
public sealed class AuditFieldKeys
{
    readonly Dictionary<Guid, FieldKey> keys;

    AuditFieldKeys(Dictionary<Guid, FieldKey> keys) => this.keys = keys;

    /// <summary>Needs no more than SELECT.</summary>
    /// <param name="ring">The master keys that were given; without one what cannot be read is told so.</param>
    /// <exception cref="UserMistakeException">The event log is not there, or may not be read.</exception>
    /// <exception cref="EnvironmentFailedException">It cannot be reached.</exception>
    public static async Task<AuditFieldKeys> LoadAsync(AuditOptions options, KeyRing ring, CancellationToken stop)
    {
        options.RequireSound();
        try
        {
            await using var source = AuditSessions.Create(options.ConnectionString, "streamsettle-auditor", writeBufferBytes: 8 * 1024);
            await using var connection = await source.OpenConnectionAsync(stop);
            var rows = await new DataKeyRows(new(options.Schema)).AllAsync(connection, stop);
            return new(rows.ToDictionary(row => row.Name.Id, row => KeyOpening.Open(row, ring)));
        }
        catch (Exception e) when (e is not OperationCanceledException && PostgresFailures.Translate(e, options.Schema) is { } translated)
        {
            throw translated;
        }
    }

    internal FieldKey? Find(Guid key) => keys.GetValueOrDefault(key);
}
