using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Messages;

/// <summary>
/// What a PKCS#11 token says of itself and of the identity key in it, read from the token at enrolment. Its own word: nobody endorses it,
/// an operator takes it on approval. PROTOCOL.md section 7.
/// </summary>
public sealed record TokenFacts(string Manufacturer, string Model, string SerialNumber, string Firmware, TokenKeyAttributes Attributes)
{
    internal void Write(ref StrictCborWriter writer)
    {
        writer.WriteArray(5);
        writer.WriteText("manufacturer", Manufacturer);
        writer.WriteText("model", Model);
        writer.WriteText("serial number", SerialNumber);
        writer.WriteText("firmware", Firmware);
        writer.WriteInt64("attributes", (long)Attributes, 0, (long)TokenKeyAttributes.All);
    }

    internal static TokenFacts Read(ref StrictCborReader reader)
    {
        reader.ReadArray("token", 5);
        return new(reader.ReadText("manufacturer"), reader.ReadText("model"), reader.ReadText("serial number"), reader.ReadText("firmware"),
            (TokenKeyAttributes)reader.ReadInt32("attributes", 0, (int)TokenKeyAttributes.All));
    }
}
