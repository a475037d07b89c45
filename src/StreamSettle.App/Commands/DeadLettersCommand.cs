using System.CommandLine;
using System.Text.Json;
using StreamSettle.App.DeadLetters;
using StreamSettle.App.Http;
using StreamSettle.App.Running;

namespace StreamSettle.App.Commands;

/// <summary><c>dead-letters list / show / replay / discard</c>: over the API of the running service, with a key where it has some.</summary>
static class DeadLettersCommand
{
    const string Path = "api/v1/dead-letters";

    public static Command Create() => new("dead-letters", "What waits for a person: list, show, replay, discard.") { List(), Show(), Replay(), Discard() };

    static Command List()
    {
        Option<string>[] filters =
        [
            new("--stage") { Description = "A leg's name, calculation or intake." }, new("--reason") { Description = "How the reason begins." },
            new("--merchant") { Description = "A merchant's id." }, new("--order") { Description = "An order's id." }, new("--after") { Description = "Begin after this id." },
            new("--limit") { Description = "Most letters, 1 to 1000; default 100." },
        ];
        var command = new Command("list", "Lists them by id, with what their reasons mean.");
        foreach (var filter in filters)
        {
            command.Options.Add(filter);
        }

        return AskingCommand.Of(command, async (parsed, api, stop) =>
        {
            var query = filters.Where(filter => parsed.GetValue(filter) is not null).Select(filter => $"{filter.Name[2..]}={Uri.EscapeDataString(parsed.GetValue(filter)!)}");
            var body = await api.AskAsync(HttpMethod.Get, $"{Path}?{string.Join('&', query)}", null, stop);
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

    static Command Replay()
    {
        var id = Id();
        return AskingCommand.Of(new("replay", "Tries one again under its own key.") { id }, (parsed, api, stop) => ActAsync(api, $"{PathOf(parsed.GetValue(id)!)}/replay", null, stop));
    }

    static Command Discard()
    {
        var (id, reason) = (Id(), new Option<string>("--reason") { Description = "Why; stands in the order's history." });
        return AskingCommand.Of(new("discard", "Gives one up.") { id, reason }, (parsed, api, stop) =>
        {
            var why = parsed.GetValue(reason) is { } text ? JsonSerializer.Serialize(new(text), ApiJson.Default.DiscardRequest) : null;
            return ActAsync(api, $"{PathOf(parsed.GetValue(id)!)}/discard", why, stop);
        });
    }

    static async Task<(string Json, string Text)> ActAsync(ServiceApi api, string path, string? json, CancellationToken stop)
    {
        var body = await api.AskAsync(HttpMethod.Post, path, json, stop);
        var accepted = api.Read(body, ApiJson.Default.AcceptedAnswer);
        var note = accepted.Note is { } more ? TerminalText.Wrap(FailureText.OneLine(more), TerminalText.OutputWidth, 0) + Environment.NewLine : "";
        return (body, $"accepted: {accepted.Action} of {accepted.Id} by {accepted.By} (request {accepted.RequestId}){Environment.NewLine}{note}");
    }

    static Argument<string> Id() => new("ID") { Description = "The dead letter's id, such as 42:split:0." };

    static string PathOf(string id) => $"{Path}/{Uri.EscapeDataString(id)}";
}
