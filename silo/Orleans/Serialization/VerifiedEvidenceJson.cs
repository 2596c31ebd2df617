using System.Text.Json;
using System.Text.Json.Serialization;
using TrustMesh.Verifier;

namespace TrustMesh.Orleans.Serialization;

/// <inheritdoc cref="HandedEvidence"/>
internal sealed class VerifiedEvidenceJson : JsonConverter<VerifiedEvidence>
{
    public override VerifiedEvidence Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        => JsonSerializer.Deserialize<HandedEvidence>(ref reader, options)?.Take() ?? throw new JsonException("No evidence.");

    public override void Write(Utf8JsonWriter writer, VerifiedEvidence value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, HandedEvidence.Of(value), options);
}
