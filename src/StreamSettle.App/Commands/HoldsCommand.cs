using System.CommandLine;
using System.Text.Json;
using StreamSettle.App.Holds;
using StreamSettle.App.Http;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Running;

namespace StreamSettle.App.Commands;

/// <summary><c>holds list / add / release</c>: over the API of the running service, with a key where it has some.</summary>
static class HoldsCommand
{
    const string Path = "api/v1/holds";

    public static Command Create() => new("holds", "What is kept back: everything, a merchant, an order or a downstream; list, add, release.") { List(), Add(), Release() };

    static Command List()
    {
        var (scope, all) = (new Option<string>("--scope") { Description = "Only those on this very scope." }, new Option<bool>("--all") { Description = "Also those that are over, for 30 days." });
        var (after, limit) = (new Option<string>("--after") { Description = "Begin after this id." }, new Option<string>("--limit") { Description = "Most holds, 1 to 1000; default 100." });
        return AskingCommand.Of(new("list", "Lists the holds that stand, the oldest first.") { scope, all, after, limit }, async (parsed, api, stop) =>
        {
            (string Name, string? Value)[] query =
                [("scope", parsed.GetValue(scope)), ("all", parsed.GetValue(all) ? "true" : null), ("after", parsed.GetValue(after)), ("limit", parsed.GetValue(limit))];
            var text = string.Join('&', query.Where(one => one.Value is not null).Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}"));
            var body = await api.AskAsync(HttpMethod.Get, $"{Path}?{text}", null, stop);
            return (body, HoldText.List(api.Read(body, ApiJson.Default.HoldList), TerminalText.OutputWidth));
        });
    }

    static Command Add()
    {
        var scope = new Argument<string>("SCOPE") { Description = "everything, merchant:ID, order:ID or downstream:NAME." };
        var reason = new Option<string>("--reason") { Description = "Why; stands in the history of every order that is held.", Required = true };
        var until = new Option<string>("--until") { Description = "An instant from when on it holds nothing any more, such as 2026-11-01T00:00:00Z." };
        var time = new Option<string>("--for") { Description = "The same as a time from now, such as 02:00:00 or 7.00:00:00." };
        var id = RequestId("Names the hold: the same command twice is one hold.");
        return AskingCommand.Of(new("add", "Keeps something back until it is released or its time is over.") { scope, reason, until, time, id }, async (parsed, api, stop) =>
        {
            var asked = new HoldRequest(parsed.GetValue(scope), parsed.GetValue(reason), parsed.GetValue(until), parsed.GetValue(time), parsed.GetValue(id));
            var body = await api.AskAsync(HttpMethod.Post, Path, JsonSerializer.Serialize(asked, ApiJson.Default.HoldRequest), stop);
            return (body, HoldText.Done(api.Read(body, ApiJson.Default.HoldAnswer)));
        });
    }

    static Command Release()
    {
        var (hold, reason) = (new Argument<string>("ID") { Description = "The hold's id, as holds list shows it." }, new Option<string>("--reason") { Description = "Why; stands in the history of every order that was held." });
        var id = RequestId("Names the request: the same command twice is one release.");
        return AskingCommand.Of(new("release", "Lets go. What another hold keeps back stays.") { hold, reason, id }, async (parsed, api, stop) =>
        {
            var asked = JsonSerializer.Serialize(new(parsed.GetValue(reason), parsed.GetValue(id)), ApiJson.Default.ReleaseRequest);
            var body = await api.AskAsync(HttpMethod.Post, $"{Path}/{Uri.EscapeDataString(parsed.GetValue(hold)!)}/release", asked, stop);
            return (body, HoldText.Done(api.Read(body, ApiJson.Default.HoldAnswer)));
        });
    }

    static Option<string> RequestId(string description) => new("--request-id") { Description = description };
}
