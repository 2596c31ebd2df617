using k8s.Models;

namespace TrustMesh.Tests.Infra;

/// <summary>Who may talk to whom in infra/kubernetes.</summary>
public sealed class KubernetesNetworkTests
{
    private const int Names = 53, Devices = 7443, Operators = 7080, Silos = 11111;

    private static readonly IReadOnlyList<V1NetworkPolicy> Policies = [.. Manifests.Of<V1NetworkPolicy>()];

    private static readonly IReadOnlyList<V1Service> Services = [.. Manifests.Of<V1Service>()];

    [Fact]
    public void Nobody_talks_unless_a_policy_says_so()
    {
        var deny = Policies.Single(policy => policy.Metadata.Name == "default-deny").Spec;
        Assert.True(deny.PodSelector.MatchLabels is null or { Count: 0 } && deny.PodSelector.MatchExpressions is null);
        Assert.Equal(["Egress", "Ingress"], deny.PolicyTypes.Order());
        Assert.True(deny.Ingress is null or [] && deny.Egress is null or []);
        // A rule without ports or without an other end would open everything.
        Assert.All(Policies.SelectMany(policy => policy.Spec.Ingress ?? []), rule => Assert.True(rule.FromProperty is { Count: > 0 } && rule.Ports is { Count: > 0 } && rule.Ports.All(port => port.Port is not null && port.EndPort is null)));
        Assert.All(Policies.SelectMany(policy => policy.Spec.Egress ?? []), rule => Assert.True(rule.To is { Count: > 0 } && rule.Ports is { Count: > 0 } && rule.Ports.All(port => port.Port is not null && port.EndPort is null)));
    }

    [Fact]
    public void A_port_a_policy_opens_is_one_a_service_has_and_its_pods_listen_on()
    {
        var served = Services.SelectMany(service => service.Spec.Ports.Select(port => (int)port.Port)).ToHashSet();
        foreach (var policy in Policies)
        {
            foreach (var port in (policy.Spec.Egress ?? []).SelectMany(rule => rule.Ports).Select(Number)) Assert.True(port == Names || served.Contains(port), $"{policy.Metadata.Name}: {port}");
            foreach (var port in (policy.Spec.Ingress ?? []).SelectMany(rule => rule.Ports).Select(Number))
            {
                Assert.Contains(port, served);
                Assert.True(Selected(policy).Single().Listens(port), $"{policy.Metadata.Name}: nobody listens on {port}");
            }
        }
        Assert.All(Services.Where(service => service.Metadata.Name != "silos"), service => Assert.All(service.Spec.Ports, port => Assert.True(Opened(Behind(service)).Contains(port.Port), $"no policy lets anybody to {service.Metadata.Name}")));
    }

    [Fact]
    public void Who_may_call_may_also_be_answered()
    {
        foreach (var caller in Manifests.Workloads)
        foreach (var rule in Policies.Where(policy => caller.Matches(policy.Spec.PodSelector.MatchLabels)).SelectMany(policy => policy.Spec.Egress ?? []).Where(rule => rule.To.All(peer => peer.NamespaceSelector is null)))
        foreach (var called in rule.To.Select(peer => Manifests.Workloads.Single(workload => workload.Matches(peer.PodSelector.MatchLabels))))
        foreach (var port in rule.Ports.Select(Number))
            Assert.Contains(Policies.Where(policy => called.Matches(policy.Spec.PodSelector.MatchLabels)).SelectMany(policy => policy.Spec.Ingress ?? []),
                open => open.Ports.Select(Number).Contains(port) && open.FromProperty.Any(peer => peer.PodSelector is not null && caller.Matches(peer.PodSelector.MatchLabels)));
    }

    [Fact]
    public void From_outside_devices_reach_their_port_and_nothing_else()
    {
        var open = Policies.SelectMany(policy => (policy.Spec.Ingress ?? []).Where(rule => rule.FromProperty.Any(peer => peer.IpBlock is not null)).SelectMany(rule => rule.Ports.Select(port => (policy.Metadata.Name, Number(port)))));
        Assert.Equal([("silo", Devices)], open);
        var service = Assert.Single(Services, one => one.Spec.Type is "LoadBalancer" or "NodePort");
        Assert.Equal([Devices], service.Spec.Ports.Select(port => (int)port.Port));
        Assert.Equal("Local", service.Spec.ExternalTrafficPolicy);
    }

    [Fact]
    public void Operators_port_and_silos_port_are_for_the_dashboard_and_silos_alone()
    {
        Assert.Equal(["dashboard"], CallersOf(Operators));
        Assert.Equal(["silo"], CallersOf(Silos));
        Assert.Equal(["silo"], CallersOf(6379));
        Assert.Equal("None", Services.Single(service => service.Metadata.Name == "silos").Spec.ClusterIP);
    }

    [Fact]
    public void Selectors_find_their_pods()
    {
        Assert.All(Manifests.Workloads, workload => Assert.True(workload.Matches(workload.Selector.MatchLabels), workload.Name));
        Assert.All(Policies.Where(policy => policy.Spec.PodSelector.MatchLabels is { Count: > 0 }), policy => Assert.NotEmpty(Selected(policy)));
        Assert.All(Manifests.Of<V1PodDisruptionBudget>(), budget => Assert.Single(Manifests.Workloads, workload => workload.Matches(budget.Spec.Selector.MatchLabels)));
        foreach (var service in Services)
        {
            var ports = Behind(service).Pod.Containers.SelectMany(container => container.Ports ?? []).ToDictionary(port => port.Name, port => port.ContainerPort);
            Assert.All(service.Spec.Ports, port => Assert.Equal(port.Port, ports[port.TargetPort.Value]));
        }
        Assert.All(Manifests.Of<V1StatefulSet>(), set => Assert.Contains(Services, service => service.Metadata.Name == set.Spec.ServiceName));
        foreach (var spread in Manifests.Workloads.SelectMany(workload => workload.Pod.TopologySpreadConstraints ?? [])) Assert.Contains(Manifests.Workloads, workload => workload.Matches(spread.LabelSelector.MatchLabels));
    }

    private static Manifests.Workload Behind(V1Service service) => Manifests.Workloads.Single(workload => workload.Matches(service.Spec.Selector));

    private static IEnumerable<Manifests.Workload> Selected(V1NetworkPolicy policy) => Manifests.Workloads.Where(workload => workload.Matches(policy.Spec.PodSelector.MatchLabels));

    private static HashSet<int> Opened(Manifests.Workload workload)
        => [.. Policies.Where(policy => workload.Matches(policy.Spec.PodSelector.MatchLabels)).SelectMany(policy => policy.Spec.Ingress ?? []).SelectMany(rule => rule.Ports).Select(Number)];

    private static IEnumerable<string> CallersOf(int port)
        => Policies.SelectMany(policy => policy.Spec.Ingress ?? []).Where(rule => rule.Ports.Select(Number).Contains(port)).SelectMany(rule => rule.FromProperty)
            .SelectMany(peer => Manifests.Workloads.Where(workload => workload.Matches(Assert.IsType<V1LabelSelector>(peer.PodSelector).MatchLabels)).Select(workload => workload.Name));

    private static int Number(V1NetworkPolicyPort port) => int.Parse(port.Port.Value, System.Globalization.CultureInfo.InvariantCulture);
}
