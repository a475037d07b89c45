using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using StreamSettle.App.Configuration;
using StreamSettle.App.Http;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Running;
using StreamSettle.Audit.History;
using StreamSettle.Audit.Marten.Keys;

namespace StreamSettle.App.Commands;

/// <summary><c>audit keys list / rotate</c>, <c>audit shred</c>. What changes keys goes over the API of the running service, with an operator's key; the list reads the event log itself.</summary>
static class AuditKeysCommand
{
    public static Command Keys() => new("keys", "The keys of personal data in the event log: list, rotate.") { List(), Rotate() };

    public static Command Shred()
    {
        var merchant = new Option<string>("--merchant") { Description = "The merchant's id; none for what no merchant was known of.", Required = true };
        var reason = new Option<string>("--reason") { Description = "Why; kept for ever.", Required = true };
        var id = new Option<string>("--request-id") { Description = "Names the request: the same command twice is one shredding." };
        return AskingCommand.Of(
            new("shred", "Destroys the keys of a merchant's personal data in the event log: nobody can read it any more. Nothing brings it back.") { merchant, reason, id },
            async (parsed, api, stop) =>
            {
                var asked = new ShredRequest(parsed.GetValue(merchant), parsed.GetValue(reason), parsed.GetValue(id));
                var body = await api.AskAsync(HttpMethod.Post, "api/v1/audit/shred", JsonSerializer.Serialize(asked, ApiJson.Default.ShredRequest), stop);
                var done = api.Read(body, ApiJson.Default.ShreddingAnswer);
                return (body, string.Create(
                    CultureInfo.InvariantCulture,
                    $"shredded: {done.Keys} keys of merchant {done.Merchant} (shredding {done.Number} of {done.At}, by {done.By})\nbackups of the event log open by the master keys of their time: docs/operations.md, \"Personal data\"\n"));
            });
    }

    static Command Rotate() => AskingCommand.Of(new("rotate", "Wraps all merchants' keys by the current master key (Audit:Encryption:Current)."), async (_, api, stop) =>
    {
        var body = await api.AskAsync(HttpMethod.Post, "api/v1/audit/keys/rotate", null, stop);
        var done = api.Read(body, ApiJson.Default.RotationAnswer);
        return (body, string.Create(CultureInfo.InvariantCulture, $"rotated: {done.Rotated} merchants' keys; master key '{done.MasterKey}' wraps all there are\n"));
    });

    static Command List()
    {
        var config = ConfigurationOf.ConfigOption();
        var command = new Command("list", "Which master keys wrap merchants' keys, whether they are given here, and what was shredded.") { config };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(stop, async () =>
        {
            await using var keys = new EventLogKeys(EventLogOptions.Read(ConfigurationOf.ReadStrictly(parsed, config)));
            Console.Write(Text(await keys.LookAsync(stop), TerminalText.OutputWidth));
            return ExitCodes.Done;
        }));
        return command;
    }

    static string Text(KeysLook look, int? width)
    {
        var text = new StringBuilder();
        if (look.MasterKeys.Count == 0)
        {
            text.AppendLine(look.Shredded > 0 ? "no merchant has a key any more" : "nothing is encrypted");
        }
        else
        {
            var table = new TextTable(false, true, false);
            table.Add("MASTER KEY", "MERCHANTS' KEYS", "HERE");
            foreach (var use in look.MasterKeys)
            {
                table.Add(use.Id, use.Keys.ToString(CultureInfo.InvariantCulture), use.Problem ?? "opens them");
            }

            table.AppendTo(text, width);
        }

        if (look.Shreddings.Count > 0)
        {
            var table = new TextTable(true, false, true, false, false, false);
            table.Add("SHREDDING", "MERCHANT", "KEYS", "AT", "BY", "REASON");
            foreach (var one in look.Shreddings)
            {
                table.Add(one.Number.ToString(CultureInfo.InvariantCulture), one.Merchant, one.Keys.ToString(CultureInfo.InvariantCulture), one.At.ToString(), one.By, FailureText.OneLine(one.Reason));
            }

            text.AppendLine();
            table.AppendTo(text, width);
        }

        foreach (var merchant in look.Unrecorded)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"gone without a record: keys of merchant {merchant} were destroyed in the database, by nobody's request");
        }

        return text.ToString();
    }
}
