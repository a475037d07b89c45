using System.CommandLine;
using StreamSettle.App.Running;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Payouts;
using StreamSettle.Settlement.Rules;
using StreamSettle.Settlement.Rules.Loading;
using StreamSettle.Settlement.Vectors;

namespace StreamSettle.App.Commands;

/// <summary><c>rules check DIR</c>, <c>rules diff A B</c> and <c>rules evaluate FILE</c>.</summary>
static class RulesCommand
{
    public static Command Create() => new("rules", "Checks rule sets, compares them over a period, and settles cases by them.") { Check(), RulesDiffCommand.Create(), Evaluate() };

    static Command Check()
    {
        var directory = new Argument<DirectoryInfo>("DIR") { Description = "The directory of the rule sets (*.json)." };
        var command = new Command("check", "Reads all rule sets of a directory together and names every mistake.") { directory };
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(stop, () => Task.FromResult(Check(parsed.GetValue(directory)!))));
        return command;
    }

    static int Check(DirectoryInfo directory)
    {
        switch (RuleBookLoader.Load(directory.FullName))
        {
            case RuleLoad.Loaded(var book):
                foreach (var set in book.Sets)
                {
                    Console.WriteLine($"ok  version {set.Version}, in force from {set.EffectiveFrom}");
                }

                foreach (var calendar in book.Calendars.All)
                {
                    Console.WriteLine($"ok  calendar {calendar.Name}, {calendar.FirstYear} to {calendar.LastYear}");
                }

                return Gaps(book);
            case RuleLoad.Invalid(var problems):
                foreach (var problem in problems)
                {
                    Console.Error.WriteLine(problem);
                }

                return ExitCodes.Found;
            default:
                return ExitCodes.Broken;
        }
    }

    /// <summary>A calendar that has ended holds payouts back: that is found; one that is about to end is only said.</summary>
    static int Gaps(RuleBook book)
    {
        var isNow = false;
        foreach (var (now, text) in CalendarCoverage.Gaps(book, UtcInstant.Now(TimeProvider.System)))
        {
            isNow |= now;
            Console.Error.WriteLine($"{(now ? "gap" : "soon")}: {text}");
        }

        return isNow ? ExitCodes.Found : ExitCodes.Done;
    }

    static Command Evaluate()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "Cases, one JSON object a line; their rule sets in folders of rules/ beside it." };
        var command = new Command("evaluate", "Settles the cases of a file and prints a line a case.") { file };
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(stop, () =>
        {
            using var output = new StreamWriter(Console.OpenStandardOutput(), new System.Text.UTF8Encoding(false), 64 * 1024) { NewLine = "\n" };
            RuleEvaluation.Evaluate(parsed.GetValue(file)!.FullName, output);
            return Task.FromResult(ExitCodes.Done);
        }));
        return command;
    }
}
