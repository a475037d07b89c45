using System.CommandLine;
using System.Text;
using StreamSettle.App.Configuration;
using StreamSettle.App.Running;
using StreamSettle.Audit.History;
using StreamSettle.Audit.Marten.Notarising;

namespace StreamSettle.App.Commands;

/// <summary><c>audit notarisations</c>: what was given to notaries, and how far they are. Reads the event log alone; checks nothing.</summary>
static class AuditNotarisationsCommand
{
    const int DefaultMost = 50;

    public static Command Create()
    {
        var open = new Option<bool>("--open") { Description = "Only what some notary has not testified to yet, the oldest first." };
        var most = new Option<int>("--most") { Description = $"How many; default {DefaultMost}, the newest.", DefaultValueFactory = _ => DefaultMost };
        var config = ConfigurationOf.ConfigOption();
        var command = new Command("notarisations", "Lists what notaries were given and how far each is; 'audit verify' checks it.") { open, most, config };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(stop, async () =>
        {
            await using var list = new NotarisationList(EventLogOptions.Read(ConfigurationOf.ReadStrictly(parsed, config)));
            var found = await list.ReadAsync(parsed.GetValue(open), Math.Max(1, parsed.GetValue(most)), stop);
            var (text, table) = (new StringBuilder(), new TextTable(true, false, false, false, false, false));
            foreach (var one in found)
            {
                table.Add($"{one.Number}", one.Subject, one.Notary, one.State, $"{one.At}", one.Detail);
            }

            table.AppendTo(text, TerminalText.OutputWidth);
            Console.Write(found.Count == 0 ? $"nothing{(parsed.GetValue(open) ? " is open" : " was given to notaries")}{Environment.NewLine}" : text.ToString());
            return ExitCodes.Done;
        }));
        return command;
    }
}
