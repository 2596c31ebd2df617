namespace TrustMesh.Tests.Orleans.Chaos;

/// <summary>Alone on the machine, after all others: it stops silos for seconds, and would be held up, and hold up others.</summary>
[CollectionDefinition("chaos", DisableParallelization = true)]
public sealed class ChaosCollection;
