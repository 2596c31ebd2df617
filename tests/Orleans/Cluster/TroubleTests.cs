using Orleans.Runtime;
using TrustMesh.Orleans.Hosting;
using TrustMesh.Trust.Records;

namespace TrustMesh.Tests.Orleans.Cluster;

public sealed class TroubleTests
{
    /// <summary>A grain that could not be placed before its message expired is an OperationCanceledException, of a token nobody knows (found by a chaos run).</summary>
    [Fact]
    public void A_grain_that_could_not_be_placed_in_time_is_a_silo_that_did_not_answer()
    {
        Assert.True(Trouble.IsOfCluster(new OperationCanceledException("Message expired before placement could complete for grain log/3.")));
        Assert.True(Trouble.IsOfCluster(new SiloUnavailableException()));
        Assert.False(Trouble.IsOfCluster(new StaleRecordException("twin", 3)));
        Assert.False(Trouble.IsPassing(new InvalidOperationException()));
    }
}
