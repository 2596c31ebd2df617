using System.Text.Json.Serialization;
using TrustMesh.Contracts;

namespace TrustMesh.Host.Operator;

/// <summary>JSON of the operator API: camelCase, unknown members refused so that a misspelt one is not silently ignored.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, MaxDepth = 16)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(SignIn))]
[JsonSerializable(typeof(Session))]
[JsonSerializable(typeof(MeshView))]
[JsonSerializable(typeof(SiloView))]
[JsonSerializable(typeof(IReadOnlyList<SiloView>))]
[JsonSerializable(typeof(DevicePage))]
[JsonSerializable(typeof(DeviceDetail))]
[JsonSerializable(typeof(DeviceSummary))]
[JsonSerializable(typeof(Decision))]
[JsonSerializable(typeof(GraphSnapshot))]
[JsonSerializable(typeof(GraphDelta))]
[JsonSerializable(typeof(TrustEvent))]
[JsonSerializable(typeof(JoinTokenRequest))]
[JsonSerializable(typeof(JoinToken))]
[JsonSerializable(typeof(IReadOnlyList<JoinToken>))]
[JsonSerializable(typeof(IReadOnlyList<PeerEdge>))]
[JsonSerializable(typeof(EdgeDetail))]
[JsonSerializable(typeof(PolicyView))]
[JsonSerializable(typeof(PolicyUpdate))]
[JsonSerializable(typeof(ReferenceView))]
[JsonSerializable(typeof(IReadOnlyList<ReferenceView>))]
[JsonSerializable(typeof(RevocationView))]
[JsonSerializable(typeof(IReadOnlyList<RevocationIssue>))]
[JsonSerializable(typeof(PropagationView))]
[JsonSerializable(typeof(IReadOnlyList<LogView>))]
[JsonSerializable(typeof(LogPage))]
[JsonSerializable(typeof(LogProofView))]
[JsonSerializable(typeof(LearnRequest))]
[JsonSerializable(typeof(OperatorRequest))]
[JsonSerializable(typeof(OperatorCode))]
public sealed partial class ApiJson : JsonSerializerContext;
