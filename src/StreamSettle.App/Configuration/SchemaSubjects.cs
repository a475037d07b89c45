using StreamSettle.Schemas.Evolution;
using StreamSettle.Schemas.Registry.Subjects;
using StreamSettle.Topology;
using StreamSettle.Topology.Names;

namespace StreamSettle.App.Configuration;

/// <summary>The subjects of our schemas in a registry.</summary>
/// <param name="applicationId">Before the names of our topics.</param>
sealed class SchemaSubjects(SubjectStrategy strategy, string applicationId)
{
    /// <summary>None where the record lies on no topic of ours, as a fact in the event log, or what is made of Debezium's records, whose schemas Debezium registers.</summary>
    public IReadOnlyList<string> Of(SchemaFile file) =>
        strategy == SubjectStrategy.RecordName ? [file.Schema.Name.Full] : [.. TopicsOf(file.Schema.Name.Short).Select(topic => $"{topic}-value")];

    IEnumerable<string> TopicsOf(string record) => record switch
    {
        "DueOrder" => [Topics.Repartition(applicationId, Topics.DueOrders)],
        "DeliveryCommand" => SettlementTopology.Calls.Select(leg => Topics.Repartition(applicationId, Topics.Commands(leg))),
        "DeliveryResult" => [Topics.Repartition(applicationId, Topics.DeliveryResults)],
        "DeadLetter" => [Topics.Shared(applicationId, Topics.DeadLetters)],
        "Hold" => [Topics.Shared(applicationId, Topics.Holds)],
        "OperatorCommand" => [Topics.Shared(applicationId, Topics.OperatorCommands)],
        "SettlementFact" => [Topics.Shared(applicationId, Topics.SettlementEvents)],
        _ => [],
    };
}
