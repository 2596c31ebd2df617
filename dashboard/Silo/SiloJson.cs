using System.Text.Json;
using System.Text.Json.Serialization;
using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Silo;

/// <summary>The operator API's JSON, generated at build time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SignIn))]
[JsonSerializable(typeof(Session))]
[JsonSerializable(typeof(MeshView))]
[JsonSerializable(typeof(IReadOnlyList<SiloView>))]
[JsonSerializable(typeof(DeviceDetail))]
[JsonSerializable(typeof(GraphSnapshot))]
[JsonSerializable(typeof(GraphDelta))]
[JsonSerializable(typeof(TrustEvent))]
[JsonSerializable(typeof(Decision))]
[JsonSerializable(typeof(JoinTokenRequest))]
[JsonSerializable(typeof(JoinToken))]
[JsonSerializable(typeof(IReadOnlyList<JoinToken>))]
[JsonSerializable(typeof(PolicyView))]
[JsonSerializable(typeof(PolicyUpdate))]
[JsonSerializable(typeof(IReadOnlyList<PeerEdge>))]
[JsonSerializable(typeof(EdgeDetail))]
[JsonSerializable(typeof(RevocationView))]
[JsonSerializable(typeof(PropagationView))]
[JsonSerializable(typeof(IReadOnlyList<ReferenceView>))]
[JsonSerializable(typeof(LearnRequest))]
[JsonSerializable(typeof(IReadOnlyList<LogView>))]
[JsonSerializable(typeof(LogPage))]
[JsonSerializable(typeof(IReadOnlyList<GraphNode>))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class SiloJson : JsonSerializerContext;
