using TrustMesh.Tests.Orleans.Parts;

namespace TrustMesh.Tests.Orleans.Faults;

/// <inheritdoc/>
[Collection(FaultOnRedisCollection.Name)]
public sealed class LostAnswerOnRedisTests(TwoSilosOnRedis fixture) : LostAnswers(fixture);
