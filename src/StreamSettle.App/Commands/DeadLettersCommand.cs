using System.CommandLine;
using StreamSettle.App.DeadLetters;
using StreamSettle.App.Http;
using StreamSettle.App.Running;

namespace StreamSettle.App.Commands;

/// <summary><c>dead-letters list / show / replay / discard</c>: over the API of the running service, with a key where it has some.</summary>
static class DeadLettersCommand
{
    public const string Path = "api/v1/dead-letters";
    const string GroupsPath = "api/v1/dead-letter-groups";

    public static Command Create() => new("dead-letters", "What waits for a person: list, show, replay, discard.") 
    {
        List(), Show(), BulkActsCommand.Create(OperatorAsk.ReplayAction, "Tries one again under its own key, or all that are meant."),
        BulkActsCommand.Create(OperatorAsk.DiscardAction, "Gives one up, or all that are meant."),
    };

    static Command List()
    {
        var filters = new LetterFilters("--reason");
        var (after, limit) = (new Option<string>("--after") { Description = "Begin after this id." }, new Option<string>("--limit") { Description = "Most letters, 1 to 1000; default 100." });
        var groups = new Option<bool>("--groups") { Description = "Counts them by stage and reason instead." };
        var command = new Command("list", "Lists them by id, with what their reasons mean.") { after, limit, groups };
        filters.AddTo(command);
        return AskingCommand.Of(command, async (parsed, api, stop) =>
        {
            if (parsed.GetValue(groups))
            {
                var counts = await api.AskAsync(HttpMethod.Get, $"{GroupsPath}?{LetterFilters.Text(filters.Read(parsed))}", null, stop);
                return (counts, BulkText.Groups(api.Read(counts, ApiJson.Default.DeadLetterGroupList), TerminalText.OutputWidth));
            }

            var query = LetterFilters.Text(filters.Read(parsed), ("after", parsed.GetValue(after)), ("limit", parsed.GetValue(limit)));
            var body = await api.AskAsync(HttpMethod.Get, $"{Path}?{query}", null, stop);
            return (body, DeadLetterText.List(api.Read(body, ApiJson.Default.DeadLetterList), TerminalText.OutputWidth));
        });
    }

    static Command Show()
    {
        var id = Id();
        return AskingCommand.Of(new("show", "Shows one with its original bytes.") { id }, async (parsed, api, stop) =>
        {
            var body = await api.AskAsync(HttpMethod.Get, PathOf(parsed.GetValue(id)!), null, stop);
            return (body, DeadLetterText.One(api.Read(body, ApiJson.Default.DeadLetterAnswer), TerminalText.OutputWidth));
        });
    }

    static Argument<string> Id() => new("ID") { Description = "The dead letter's id, such as 42:split:0." };

    public static string PathOf(string id) => $"{Path}/{Uri.EscapeDataString(id)}";
}
