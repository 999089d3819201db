global using NodePool = Kontena.Kubernetes.Resources.Resource<
    Kontena.Operator.Core.Api.NodePoolSpec, Kontena.Operator.Core.Api.NodePoolStatus>;
