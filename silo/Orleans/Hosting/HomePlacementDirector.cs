using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace TrustMesh.Orleans.Hosting;

/// <inheritdoc cref="HomePlacement"/>
internal sealed class HomePlacementDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
        => Task.FromResult(Homes.Of(target.GrainIdentity, context.GetCompatibleSilos(target)));
}
