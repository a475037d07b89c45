namespace StreamSettle.Schemas.Registry.Subjects;

/// <summary>How a schema's subject is named, as Confluent's serializers have it.</summary>
public enum SubjectStrategy : byte
{
    /// <summary>By the record's full name: one subject, on however many topics it lies.</summary>
    RecordName,

    /// <summary>By each topic that the record lies on, as its value: <c>TOPIC-value</c>.</summary>
    TopicName,
}
