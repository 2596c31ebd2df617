using System.Text.Json;
using k8s;
using k8s.Models;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Infra;

/// <summary>The manifests of infra/kubernetes, read with Kubernetes' own types; a field that does not exist there is an error.</summary>
internal static class Manifests
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "infra", "kubernetes");

    public static IReadOnlyList<string> Files { get; } = [.. Directory.GetFiles(Folder, "*.yaml").Select(file => Path.GetFileName(file)!).Where(file => file != "kustomization.yaml").Order()];

    public static IReadOnlyList<IKubernetesObject<V1ObjectMeta>> All { get; } =
        [.. Files.SelectMany(file => KubernetesYaml.LoadAllFromString(File.ReadAllText(Path.Combine(Folder, file)), strict: true)).Cast<IKubernetesObject<V1ObjectMeta>>()];

    public static IReadOnlyList<Workload> Workloads { get; } =
    [
        .. Of<V1StatefulSet>().Select(set => new Workload(set.Name(), set.Spec.Selector, set.Spec.Template, [.. set.Spec.VolumeClaimTemplates.Select(claim => claim.Name())])),
        .. Of<V1Deployment>().Select(deployment => new Workload(deployment.Name(), deployment.Spec.Selector, deployment.Spec.Template, [])),
    ];

    public static IEnumerable<T> Of<T>() => All.OfType<T>();

    public static string Settings(string map, string file) => Of<V1ConfigMap>().Single(one => one.Name() == map).Data[file];

    /// <summary>Keys below "TrustMesh" of silo.json, nested ones with a colon.</summary>
    public static IEnumerable<string> SiloKeys()
    {
        using var settings = JsonDocument.Parse(Settings("silo-settings", "silo.json"));
        var top = Assert.Single(settings.RootElement.EnumerateObject());
        Assert.Equal("TrustMesh", top.Name);
        return [.. top.Value.EnumerateObject().SelectMany(key => key.Value.ValueKind == JsonValueKind.Object ? key.Value.EnumerateObject().Select(inner => $"{key.Name}:{inner.Name}") : [key.Name])];
    }

    public sealed record Workload(string Name, V1LabelSelector Selector, V1PodTemplateSpec Template, IReadOnlyList<string> Claims)
    {
        public V1PodSpec Pod => Template.Spec;

        public IEnumerable<V1Container> Containers => [.. Pod.InitContainers ?? [], .. Pod.Containers];

        public bool Matches(IDictionary<string, string>? labels) => (labels ?? new Dictionary<string, string>()).All(label => Template.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value);

        public bool Listens(int port) => Pod.Containers.Any(container => container.Ports?.Any(one => one.ContainerPort == port) == true);
    }
}
