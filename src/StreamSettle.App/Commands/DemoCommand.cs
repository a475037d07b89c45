using System.CommandLine;
using StreamSettle.App.Demo;
using StreamSettle.Kernel.Failures;
using StreamSettle.Sandbox.Kafka;

namespace StreamSettle.App.Commands;

/// <summary><c>demo</c>: the whole thing on this machine.</summary>
static class DemoCommand
{
    const int MostOrders = 10_000_000;

    public static Command Create()
    {
        var orders = new Option<int>("--orders") { Description = "Orders that the shop sells.", DefaultValueFactory = _ => 5_000 };
        var exit = new Option<bool>("--exit") { Description = "Stop when all is settled." };
        var noBrowser = new Option<bool>("--no-browser") { Description = "Do not open the dashboard." };
        var kafka = new Option<bool>("--kafka")
        {
            Description = $"The whole architecture: Debezium on Kafka Connect and two instances on Kafka, one of which is killed. By the Kafka download that {KafkaHome.FolderVariable} names.",
        };
        var command = new Command("demo", "Settles a shop's orders on this machine, with downstream systems that misbehave, and audits the result.") { orders, exit, noBrowser, kafka };
        command.SetAction((parsed, stop) => CommandLine.UntilStoppedAsync(stop, () =>
        {
            var count = parsed.GetValue(orders);
            return count is >= 1 and <= MostOrders
                ? new DemoRun(new(count, parsed.GetValue(exit), !parsed.GetValue(noBrowser), parsed.GetValue(kafka) ? Download() : null), TimeProvider.System).RunAsync(stop)
                : throw new UserMistakeException($"--orders must be from 1 to {MostOrders}, but is {count}.");
        }));
        return command;
    }

    static KafkaHome Download()
    {
        try
        {
            return KafkaHome.Find();
        }
        catch (UserMistakeException missing)
        {
            throw new UserMistakeException(
                $"demo --kafka: {missing.Message}. Where a container engine is, docker compose brings the same with nothing to install: deploy/prepare --demo, then docker compose --profile demo --profile two up --build",
                missing);
        }
    }
}
