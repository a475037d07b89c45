using StreamSettle.App.Composition;
using StreamSettle.App.Running;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Streams.Log;

namespace StreamSettle.App.DeadLetters;

/// <summary>
/// Judges letters and puts what was granted into the log in one transaction. Of two people who ask for something of one letter at once the second is told so; and a letter
/// that came back since is another one.
/// </summary>
sealed class DeadLetterActs(SettlementService service, DeadLetterQueue queue, ILogger logger)
{
    readonly DeadLetterJudge judge = new(service, queue);
    readonly List<(DeadLetter Letter, OperatorAsk Asked)> begun = [];
    readonly LogCommit commit = new();

    /// <summary>Judges a letter; what is granted is done with <see cref="Write"/>.</summary>
    public async Task<Judgement> AddAsync(DeadLetter letter, OperatorAsk asked, CancellationToken stop)
    {
        if (letter.DiscardedBy is { } by)
        {
            return new Judgement.Refused($"A discard of '{letter.Id}' by {by} is under way: its system is asked whether it happened. It leaves the list when that is known.");
        }

        var judgement = await judge.JudgeAsync(letter, asked, stop);
        if (judgement is not Judgement.Granted granted)
        {
            return judgement;
        }

        if (service.Acts.TryBegin(letter, asked) is { } underWay)
        {
            return new Judgement.Refused(underWay);
        }

        begun.Add((letter, asked));

        // Whoever was first may have been done with it while this was judged.
        if (queue.Find(letter.Id) is not { } still || still.Since != letter.Since)
        {
            service.Acts.Withdraw(letter);
            begun.RemoveAt(begun.Count - 1);
            return new Judgement.Refused($"'{letter.Id}' has changed meanwhile: look at it again.");
        }

        queue.Act(commit, letter, asked, granted.NeverCalculated);
        return granted;
    }

    /// <summary>Puts all that was granted into the log: all of it or nothing.</summary>
    public void Write()
    {
        if (begun.Count == 0)
        {
            return;
        }

        try
        {
            service.Operators.Write(commit);
        }
        catch
        {
            // Whoever asks again is not told that it is under way.
            Withdraw();
            throw;
        }

        foreach (var (letter, asked) in begun)
        {
            logger.OperatorActs(asked.By, asked.Action, letter.Id, asked.RequestId, asked.Note is { } why ? $": {FailureText.OneLine(why)}" : "");
        }
    }

    /// <summary>Nothing of it is done.</summary>
    public void Withdraw() => begun.ForEach(act => service.Acts.Withdraw(act.Letter));
}
