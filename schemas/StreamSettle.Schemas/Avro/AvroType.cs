namespace StreamSettle.Schemas.Avro;

/// <summary>The types of Avro's specification (1.12).</summary>
public enum AvroType : byte
{
    Null,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    String,
    Record,
    Enum,
    Fixed,
    Array,
    Map,
    Union,
}
