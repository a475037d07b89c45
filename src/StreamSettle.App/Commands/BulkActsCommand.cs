using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using StreamSettle.App.DeadLetters;
using StreamSettle.App.Http;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Running;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Commands;

/// <summary><c>dead-letters replay / discard</c> of one letter, or of all that a filter lets.</summary>
sealed class BulkActsCommand
{
    const int UsualPace = 50;

    readonly string action;
    readonly Argument<string?> id = new("ID") { Description = "The dead letter's id, such as 42:split:0; or say by options which are meant.", Arity = ArgumentArity.ZeroOrOne };
    readonly LetterFilters filters = new("--waits-for");
    readonly Option<string> reason;
    readonly Option<bool> all = new("--all") { Description = "All letters: no filter is meant." };
    readonly Option<bool> dryRun = new("--dry-run") { Description = "Does nothing: says which are meant, by reason." };
    readonly Option<int> perSecond = new("--per-second") { Description = $"Most letters in a second, 1 to {BulkEndpoints.MostActs}; default {UsualPace}.", DefaultValueFactory = _ => UsualPace };
    readonly Option<string> requestId = new("--request-id") { Description = "Names the whole; a letter that has not moved is not asked for twice under one name." };
    readonly Option<string> asOf = new("--as-of") { Description = "Letters that came later do not count; default: now." };
    readonly Option<string> after = new("--after") { Description = "Goes on after this id." };

    BulkActsCommand(string action) => (this.action, reason) = (action, new("--reason") { Description = action == OperatorAsk.DiscardAction ? "Why; stands in the order's history. Needed for more than one." : "Why; stands in the order's history." });

    /// <param name="action">As <see cref="OperatorAsk"/> names it.</param>
    public static Command Create(string action, string description)
    {
        var shape = new BulkActsCommand(action);
        var command = new Command(action, description) { shape.id, shape.reason, shape.all, shape.dryRun, shape.perSecond, shape.requestId, shape.asOf, shape.after };
        shape.filters.AddTo(command);
        return AskingCommand.Of(command, shape.ActAsync);
    }

    Task<(string Json, string Text)> ActAsync(ParseResult parsed, ServiceApi api, CancellationToken stop)
    {
        var (one, query, everything) = (parsed.GetValue(id), filters.Read(parsed), parsed.GetValue(all));
        return (one, query.IsAll && !everything) switch
        {
            (not null, true) => OneAsync(parsed, api, one, stop),
            (not null, false) => throw new UserMistakeException("Give an ID, or options that say which letters are meant, not both."),
            (null, true) => throw new UserMistakeException("Give an ID, or say by options which letters are meant: --stage, --waits-for, --merchant, --order, --from, --to, or --all."),
            _ => ManyAsync(parsed, api, query, stop),
        };
    }

    async Task<(string Json, string Text)> OneAsync(ParseResult parsed, ServiceApi api, string letter, CancellationToken stop)
    {
        if (parsed.GetValue(dryRun))
        {
            throw new UserMistakeException($"--dry-run goes with options that say which letters are meant; dead-letters show {letter} shows this one.");
        }

        var why = parsed.GetValue(reason) is { } text ? JsonSerializer.Serialize(new(text), ApiJson.Default.ActRequest) : null;
        var body = await api.AskAsync(HttpMethod.Post, $"{DeadLettersCommand.PathOf(letter)}/{action}", why, stop);
        var accepted = api.Read(body, ApiJson.Default.AcceptedAnswer);
        var note = accepted.Note is { } more ? TerminalText.Wrap(FailureText.OneLine(more), TerminalText.OutputWidth, 0) + Environment.NewLine : "";
        return (body, $"accepted: {accepted.Action} of {accepted.Id} by {accepted.By} (request {accepted.RequestId}){Environment.NewLine}{note}");
    }

    async Task<(string Json, string Text)> ManyAsync(ParseResult parsed, ServiceApi api, DeadLetterQuery query, CancellationToken stop)
    {
        var asked = new BulkRequest(
            action, query, parsed.GetValue(all), parsed.GetValue(reason), parsed.GetValue(asOf), parsed.GetValue(after), null, parsed.GetValue(dryRun), parsed.GetValue(requestId));
        var run = new BulkRun(AskAsync, TimeProvider.System, (done, matched) => Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} of {matched}")));
        try
        {
            var last = await run.RunAsync(asked, parsed.GetValue(perSecond), stop);
            var whole = last with { Done = run.Done, Refused = run.Refused };
            var text = asked.DryRun ? BulkText.Groups(last.Groups!, TerminalText.OutputWidth) : BulkText.Done(last, run.Done, run.Refused, TerminalText.OutputWidth);
            return (JsonSerializer.Serialize(whole, ApiJson.Default.BulkAnswer), text);
        }
        catch (Exception cut) when (run.GoOn is not null && cut is UserMistakeException or EnvironmentFailedException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"streamsettle: {run.Done} are accepted; the same command goes on with {run.GoOn}");
            throw;
        }

        async Task<BulkAnswer> AskAsync(BulkRequest request, CancellationToken until) =>
            api.Read(await api.AskAsync(HttpMethod.Post, DeadLettersCommand.Path, JsonSerializer.Serialize(request, ApiJson.Default.BulkRequest), until), ApiJson.Default.BulkAnswer);
    }
}
