using StreamSettle.Audit.Marten;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Configuration;

/// <summary>Where the event log is, for a command that reads it without the rest of the service's settings.</summary>
static class EventLogOptions
{
    /// <exception cref="UserMistakeException">Neither <c>Audit:ConnectionString</c> nor <c>Source:ConnectionString</c> is set, or a password cannot be read.</exception>
    public static AuditOptions Read(IConfiguration configuration)
    {
        var reader = new ConfigurationReader(configuration);
        var section = reader.Text("Audit:ConnectionString") is null ? "Source" : "Audit";
        var connection = reader.Text($"{section}:ConnectionString")
            ?? throw new UserMistakeException("Audit:ConnectionString (or Source:ConnectionString) is missing: set it to the PostgreSQL of the event log.");
        var options = new AuditOptions { ConnectionString = DatabasePassword.Add(reader, section, connection), Schema = reader.Text("Audit:Schema") ?? new AuditOptions().Schema, Keys = EncryptionOptionsReader.Read(reader) };
        return reader.Problems.Count == 0 ? options : throw new UserMistakeException(string.Join(Environment.NewLine, reader.Problems));
    }
}
