using System.CommandLine;
using StreamSettle.App.Running;
using StreamSettle.Audit.Marten;

namespace StreamSettle.App.Commands;

/// <summary><c>audit</c>: what an auditor, and whoever gives them their rights, does with the event log.</summary>
static class AuditCommand
{
    public static Command Create() => new("audit", "The event log for auditors: rights, proof that nothing in it was changed, views, and keys of personal data.")
    {
        AuditVerifyCommand.Create(), AuditExportCommands.Seal(), AuditExportCommands.Export(), AuditExportCommands.Check(), AuditNotarisationsCommand.Create(), AuditProjectionsCommand.Create(), Grants(), AuditKeysCommand.Keys(), AuditKeysCommand.Shred(),
    };

    static Command Grants()
    {
        var auditor = new Option<string>("--auditor") { Description = "The role that reads.", Required = true };
        var writer = new Option<string>("--writer") { Description = "The role of the service, which appends.", Required = true };
        var projector = new Option<string?>("--projector") { Description = "The role that keeps the views, should projections run: it adds no event." };
        var config = ConfigurationOf.ConfigOption();
        var command = new Command("grants", "Prints the SQL of a role that may only read the event log, of one that may only append to it, and of one that keeps views.") { auditor, writer, projector, config };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(stop, () =>
        {
            var schema = ConfigurationOf.ReadStrictly(parsed, config)["Audit:Schema"] ?? new AuditOptions().Schema;
            Console.Write(AuditGrants.Sql(schema, parsed.GetValue(auditor)!, parsed.GetValue(writer)!, parsed.GetValue(projector)));
            return Task.FromResult(ExitCodes.Done);
        }));
        return command;
    }
}
